import {
  alertHeadline,
  alertSubline,
  alertTitle,
  evidenceLink,
} from '../../../dashboard/src/features/alerts/alert-sentence.js';
import { liveSentence } from '../../../dashboard/src/features/live/live-sentence.js';
import type { Part } from '../../../dashboard/src/ui/signal-sentence.js';
import { alertKinds, type AlertView } from '../../../server/contracts/alerts.js';

const address = (value: string, count: number) => ({
  value,
  count,
  asn: 64496,
  organisation: 'Quarry Hosting',
  country: 'SG',
});

function alert(over: Partial<AlertView> = {}): AlertView {
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
      topSubjects: [{ value: 'sam.okafor@example.com', count: 4, gotIn: true }],
      topAddresses: [address('203.0.113.77', 64), address('203.0.113.78', 38), address('203.0.113.91', 17)],
    },
    firstAt: '2026-11-24T13:58:12.000Z',
    lastAt: '2026-11-24T14:10:20.000Z',
    raisedAt: '2026-11-24T13:59:04.000Z',
    assignee: null,
    simulated: false,
    ...over,
  };
}

/** As it reads: without the marks that keep foreign text to itself. */
const read = (parts: Part[] | string): string =>
  (typeof parts === 'string' ? parts : parts.map((part) => part.text).join(''))
    .replaceAll('\u00a0', ' ')
    .replace(/[\u2068\u2069]/g, '');

describe('alert sentences', () => {
  it('say what happened with its numbers, and lead to exactly those attempts', () => {
    const parts = alertHeadline(alert());
    expect(read(parts)).toBe('Quarry Hosting tried 41 accounts in 12 min; sam.okafor@example.com got in.');
    expect(parts[0]?.href).toBe('/live?asn=64496&from=2026-11-24T13:58:12.000Z&to=2026-11-24T14:10:21.000Z');
    expect(read(alertTitle(alert()))).toBe('Spray: 41 accounts, 3 addresses, 12 min');
    expect(read(alertSubline(alert()))).toBe('sam.okafor@example.com got in');
  });

  it.each(alertKinds)('have words for %s with and without a person', (kind) => {
    const person = { id: '11111111-1111-4111-8111-111111111111', name: 'Sam Okafor' };
    for (const one of [alert({ kind }), alert({ kind, person, ip: null })]) {
      const text = [read(alertHeadline(one)), read(alertTitle(one)), read(alertSubline(one))].join('|');
      expect(text).not.toMatch(/undefined|null|NaN/);
      expect(evidenceLink(one)).toMatch(/^\/live/);
    }
  });

  it('name what is new about a suspicious sign-in', () => {
    const risk = {
      score: 54,
      level: 'medium' as const,
      signals: [
        { kind: 'new-device' as const, points: 14, evidence: { os: null, browser: null } },
        { kind: 'new-country' as const, points: 40, evidence: { country: 'SG', known: [] } },
      ],
      missing: [],
      policyVersion: 1,
    };
    expect(read(alertHeadline({ ...alert({ kind: 'suspicious-sign-in' }), risk }))).toBe(
      '203.0.113.77 signed in from a device and place never used before, Quarry Hosting.',
    );
  });

  it('keep a name from turning the text after it around', () => {
    const subject = 'eve\u202egnp.\u2069exe';
    expect(alertTitle(alert({ kind: 'brute-force-person', subject }))).toBe('Brute force: \u2068evegnp.exe\u2069');
  });
});

describe('liveSentence', () => {
  const now = Date.parse('2026-11-24T14:11:20.000Z');
  const counts = { success: 45, failure: 98, challenge: 6, blocked: 1, total: 150 };

  it('speaks of the worst fresh alert first', () => {
    expect(read(liveSentence({ counts, alerts: [alert(), alert({ severity: 'low' })], now }))).toBe(
      'Quarry Hosting tried 41 accounts in 12 min; sam.okafor@example.com got in. Last seen 1 min ago. 1 more alert open.',
    );
  });

  it('counts the last ten minutes while it is calm', () => {
    expect(read(liveSentence({ counts, alerts: [], now }))).toBe(
      '45 signed in and 98 failed in 10 min; 1 blocked. Nothing needs you.',
    );
    expect(read(liveSentence({ counts: { ...counts, total: 0 }, alerts: [], now }))).toBe(
      'Nobody tried to sign in during the last 10 min. Nothing needs you.',
    );
  });

  it('does not dwell on what is over', () => {
    const old = alert({ lastAt: '2026-11-24T12:00:00.000Z' });
    expect(read(liveSentence({ counts, alerts: [old], now }))).toContain('1 alert is open.');
  });
});
