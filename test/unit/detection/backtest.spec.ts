import { EXAMPLES_MAX } from '../../../server/contracts/backtests.js';
import { compare, Replay, type ReplayedAlert } from '../../../server/detection/domain/backtest.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import { anAttack, anAttempt, DAY, SECOND, series, T0 } from './builders.js';

const alert = (
  cause: string,
  firstAt: number,
  lastAt: number,
  kind: ReplayedAlert['kind'] = 'spray',
): ReplayedAlert => ({
  cause,
  kind,
  severity: 'medium',
  subject: cause,
  personId: null,
  ip: null,
  score: null,
  attempts: 5,
  firstAt,
  lastAt,
});

describe('comparing two replays', () => {
  it('takes alerts of one cause that overlap for the same, each once', () => {
    const before = [alert('a', 0, 10), alert('a', 50, 60), alert('b', 0, 10)];
    const after = [alert('a', 5, 20), alert('a', 70, 80), alert('c', 0, 10)];
    const { kept, gained, lost } = compare(before, after);
    expect(kept).toBe(1);
    expect(gained.examples.map(({ subject, attempts }) => [subject, attempts])).toEqual([
      ['a', 5],
      ['c', 5],
    ]);
    expect(lost.examples.map(({ subject }) => subject)).toEqual(['a', 'b']);
  });

  it('counts all and shows the newest', () => {
    const many = Array.from({ length: 70 }, (_, i) => alert(`s${i}`, i, i, i < 40 ? 'spray' : 'factor-fatigue'));
    const { gained, lost } = compare([], many);
    expect(gained.byKind).toEqual([
      { kind: 'spray', count: 40 },
      { kind: 'factor-fatigue', count: 30 },
    ]);
    expect(gained.total).toBe(70);
    expect(gained.examples).toHaveLength(EXAMPLES_MAX);
    expect(gained.examples[0]!.subject).toBe('s69');
    expect(lost).toEqual({ total: 0, byKind: [], examples: [] });
  });
});

describe('a replay', () => {
  it('learns from what it does not count, and counts what would be challenged', () => {
    const replay = new Replay(defaultPolicy);
    for (let day = 20; day >= 1; day -= 1) replay.take(anAttempt({ occurredAt: T0 - day * DAY }), false);
    for (const attack of series(9, 2 * SECOND, (_, occurredAt) => anAttack({ occurredAt }))) replay.take(attack, true);
    replay.take(anAttack({ outcome: 'success', reason: null, occurredAt: T0 + 30 * SECOND }), true);
    replay.take(anAttempt({ occurredAt: T0 + 60 * SECOND }), true);
    const side = replay.side({ attempts: 11, signIns: 2 });
    expect(side).toMatchObject({ challenged: 1, challengedShare: 0.5, alerts: replay.alerts.size });
    expect([...replay.alerts.values()].map(({ kind }) => kind)).toContain('brute-force-source');
    expect(side.alertsPer10k).toBeCloseTo((replay.alerts.size * 10_000) / 11);
  });
});
