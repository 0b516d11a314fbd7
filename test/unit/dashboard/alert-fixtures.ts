import type { AlertView } from '../../../server/contracts/alerts.js';

const address = (value: string, count: number) => ({
  value,
  count,
  asn: 64496,
  organisation: 'Quarry Hosting',
  country: 'SG',
  kind: 'hosting' as const,
});

/** A spray in which one password worked. */
export function alert(over: Partial<AlertView> = {}): AlertView {
  return {
    id: '00000000-0000-4000-8000-000000009001',
    number: 'A-1042',
    kind: 'spray',
    severity: 'critical',
    status: 'new',
    verdict: null,
    subject: '203.0.113.77',
    person: null,
    ip: '203.0.113.77',
    score: null,
    evidence: {
      attempts: 119,
      failures: 118,
      successes: 1,
      subjects: 41,
      addresses: 3,
      topSubjects: [{ value: 'sam.okafor@example.com', count: 4, gotIn: true, person: null }],
      topAddresses: [address('203.0.113.77', 64), address('203.0.113.78', 38), address('203.0.113.91', 17)],
    },
    firstAt: '2026-11-24T13:58:12.000Z',
    lastAt: '2026-11-24T14:10:20.000Z',
    raisedAt: '2026-11-24T13:59:04.000Z',
    resolvedAt: null,
    assignee: null,
    heldUntil: null,
    targetMinutes: 15,
    mergedInto: null,
    simulated: false,
    drill: false,
    incident: null,
    ...over,
  };
}
