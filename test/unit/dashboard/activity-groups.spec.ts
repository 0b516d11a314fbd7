import type { ActivityRow } from '../../../server/contracts/activity.js';
import { byDay } from '../../../dashboard/src/features/activity/activity-groups.js';

const at = (time: string, outcome: ActivityRow['outcome']): ActivityRow => ({
  id: `${time}-${outcome}`,
  occurredAt: `2026-11-${time}:00.000Z`,
  outcome,
  reason: null,
  factor: null,
  application: { id: 'a', name: 'Webmail' },
  ip: '192.0.2.1',
  network: { asn: null, organisation: null, kind: 'unknown' },
  place: null,
  client: { device: 'desktop', os: null, browser: null },
  session: null,
  novelties: [],
  passwordKnown: false,
  doubts: [],
  suspicious: false,
  answer: null,
});
const shape = (rows: ActivityRow[]) =>
  byDay(rows, (instant) => instant.slice(0, 10)).map(({ lines }) =>
    lines.map((line) =>
      line.kind === 'run' ? `${line.rows.length}${line.justBeforeSignIn ? ' before' : ''}` : line.row.outcome,
    ),
  );

describe('the lines of the own activity', () => {
  it('makes failures and blocks without a break between them one line, a single one not', () => {
    expect(
      shape([
        at('24T14:09', 'success'),
        at('24T14:08', 'failure'),
        at('24T14:07', 'blocked'),
        at('24T14:06', 'failure'),
        at('24T13:00', 'challenge'),
        at('24T12:00', 'failure'),
        at('24T11:00', 'success'),
      ]),
    ).toEqual([['success', '3 before', 'challenge', 'failure', 'success']]);
  });

  it('says "just before" only of what ended shortly before the sign-in above', () => {
    expect(shape([at('24T14:09', 'success'), at('24T13:50', 'failure'), at('24T13:49', 'failure')])).toEqual([
      ['success', '2'],
    ]);
    expect(shape([at('24T14:09', 'failure'), at('24T14:08', 'failure')])).toEqual([['2']]);
  });

  it('breaks runs at midnight, each day under its own heading', () => {
    const run = [at('24T00:01', 'failure'), at('24T00:00', 'failure'), at('23T23:59', 'failure')];
    expect(shape(run)).toEqual([['2'], ['failure']]);
    expect(shape([])).toEqual([]);
  });
});
