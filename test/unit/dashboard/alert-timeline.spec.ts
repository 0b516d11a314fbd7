import { alertTimeline } from '../../../dashboard/src/features/alerts/alert-timeline.js';
import type { AlertDetail } from '../../../server/contracts/alerts.js';
import { alert } from './alert-fixtures.js';
import { attemptRow } from './attempt-fixtures.js';

const detail = (over: Partial<AlertDetail> = {}): AlertDetail => ({
  ...alert(),
  risk: null,
  signIn: null,
  attempts: [
    attemptRow({ outcome: 'success', level: 'critical', score: 94, occurredAt: '2026-11-24T14:09:41.000Z' }),
    attemptRow({ outcome: 'success', level: 'low', score: 3, occurredAt: '2026-11-24T14:09:00.000Z' }),
  ],
  history: [
    { at: '2026-11-24T14:12:00.000Z', kind: 'taken', by: 'Ana Ribeiro', note: null },
    { at: '2026-11-24T13:59:04.000Z', kind: 'raised', by: null, note: null },
  ],
  openSessions: 0,
  merged: [],
  reach: { alerts: 1, people: [], peopleCount: 0, sessions: 0, passwords: 0, sources: 3 },
  containment: null,
  challenges: [],
  question: null,
  askable: false,
  ...over,
});
const read = (one: AlertDetail): [string, string][] =>
  alertTimeline(one).map(({ kind, parts }) => [kind, parts.map(({ text }) => text).join('')]);

describe('what happened, in order', () => {
  it('begins with the first attempt, names who got in, and ends with what people did', () => {
    expect(read(detail())).toEqual([
      ['first', 'First of 119 attempts'],
      ['raised', 'Alert raised'],
      ['got_in', 'Sam Okafor signed in to Webmail from 203.0.113.77, near Singapore'],
      ['last', 'Last attempt so far'],
      ['taken', 'Ana Ribeiro took it'],
    ]);
  });

  it('puts the first attempt before the alert that it raised in the same instant', () => {
    const at = '2026-11-24T13:58:12.000Z';
    const [first, second] = read(detail({ firstAt: at, history: [{ at, kind: 'raised', by: null, note: null }] }));
    expect([first?.[0], second?.[0]]).toEqual(['first', 'raised']);
  });

  it('says neither first nor last of a single attempt', () => {
    const one = detail({ attempts: [], evidence: { ...alert().evidence, attempts: 1 } });
    expect(read(one).map(([kind]) => kind)).toEqual(['raised', 'taken']);
  });
});
