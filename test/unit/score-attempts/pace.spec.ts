import { ScoringPace } from '../../../workers/score-attempts/pace.js';

describe('the pace of scoring', () => {
  let now = 1_000_000;
  const batch = (count: number, waitedMs: number) =>
    Array.from({ length: count }, () => ({ accepted: { receivedAt: now - waitedMs } }));

  it('counts the last minute, exactly and no longer', () => {
    const pace = new ScoringPace(() => now);
    expect(pace.read()).toEqual({ scoredMinute: 0, scoredAt: null, lagMs: null });
    pace.add(batch(10, 40));
    now += 30_000;
    pace.add(batch(5, 8));
    pace.add([]);
    expect(pace.read()).toEqual({ scoredMinute: 15, scoredAt: new Date(now), lagMs: 8 });
    now += 29_000;
    expect(pace.read().scoredMinute).toBe(15);
    now += 1_000;
    expect(pace.read().scoredMinute).toBe(5);
    now += 3_600_000;
    expect(pace.read()).toMatchObject({ scoredMinute: 0, lagMs: 8 });
  });
});
