import type { AttemptRow } from '../../../server/contracts/attempts.js';
import type { AttemptsFrame } from '../../../server/contracts/live.js';

let made = 0;

/** A believable attempt; each has an id of its own, so that lists can be compared by id. */
export function attemptRow(over: Partial<AttemptRow> = {}): AttemptRow {
  made += 1;
  return {
    id: `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`,
    occurredAt: new Date(Date.UTC(2026, 10, 24, 14, 0, 0) + made * 1000).toISOString(),
    outcome: 'failure',
    reason: 'wrong_password',
    subject: 'sam.okafor@example.com',
    person: { id: '11111111-1111-4111-8111-111111111111', name: 'Sam Okafor' },
    application: { id: '22222222-2222-4222-8222-222222222222', name: 'Webmail' },
    ip: '203.0.113.77',
    network: { asn: 64496, organisation: 'Quarry Hosting', kind: 'hosting' },
    place: { country: 'SG', region: null, city: 'Singapore', latitude: 1.29, longitude: 103.85, accuracyKm: 20 },
    client: { device: 'desktop', os: 'Linux', browser: 'Chrome' },
    sessionId: null,
    score: 58,
    level: 'medium',
    simulated: false,
    ...over,
  };
}

export function attemptsFrame(rows: AttemptRow[], over: Partial<AttemptsFrame> = {}): AttemptsFrame {
  const counts = { success: 0, failure: 0, challenge: 0, blocked: 0, total: rows.length };
  const levels = { low: 0, medium: 0, high: 0, critical: 0 };
  for (const row of rows) {
    counts[row.outcome] += 1;
    levels[row.level] += 1;
  }
  return {
    sequence: 1,
    run: 'run-a',
    sentAt: '2026-11-24T14:10:00.000Z',
    counts,
    levels,
    rows,
    sampled: false,
    ...over,
  };
}
