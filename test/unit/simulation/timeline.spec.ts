import { newAttempt } from '../../../server/contracts/attempts.js';
import type { SimulatedAttempt } from '../../../server/simulation/domain/attempts.js';
import { DAY, HOUR, MINUTE } from '../../../server/simulation/domain/calendar.js';
import { companyOf } from '../../../server/simulation/domain/people.js';
import { timelineOf } from '../../../server/simulation/domain/timeline.js';

const company = companyOf(2026);
/** A Tuesday morning in Lisbon. */
const now = Date.parse('2026-11-24T09:30:00Z');
const month = [...timelineOf(company).history(now - 30 * DAY, now)];
const within = (from: number, to: number): SimulatedAttempt[] => month.filter(({ at }) => at >= from && at < to);

describe('the history of the simulated company', () => {
  it('holds about 45,000 attempts in 30 days', () => {
    expect(month.length).toBeGreaterThan(40_000);
    expect(month.length).toBeLessThan(60_000);
  });

  it('comes in time order, inside its range, with ids of their own', () => {
    expect(month.every(({ at }, i) => i === 0 || at >= (month[i - 1]?.at ?? 0))).toBe(true);
    expect(month[0]?.at).toBeGreaterThanOrEqual(now - 30 * DAY);
    expect(month.at(-1)?.at).toBeLessThan(now);
    expect(new Set(month.map(({ attempt }) => attempt.id)).size).toBe(month.length);
  });

  it('is what the record API takes', () => {
    const wrong = month.filter(
      ({ attempt, at }) => !newAttempt.safeParse(attempt).success || Date.parse(attempt.occurredAt) !== at,
    );
    expect(wrong).toEqual([]);
  });

  it('is the same from any beginning, so that sending it again is harmless', () => {
    const later = [...timelineOf(company).history(now - 2 * DAY - 7 * HOUR, now)];
    expect(later).toEqual(within(now - 2 * DAY - 7 * HOUR, now));
  });

  it('differs by seed', () => {
    const other = [...timelineOf(companyOf(7)).history(now - HOUR, now)];
    const ids = new Set(month.map(({ attempt }) => attempt.id));
    expect(other.some(({ attempt }) => ids.has(attempt.id))).toBe(false);
  });

  it('follows the rhythm of work: busy mornings, quiet nights, quiet weekends', () => {
    const tuesday = Date.parse('2026-11-17T00:00:00Z');
    const sunday = Date.parse('2026-11-15T00:00:00Z');
    const morning = within(tuesday + 8 * HOUR, tuesday + 11 * HOUR).length;
    const night = within(tuesday + HOUR, tuesday + 4 * HOUR).length;
    expect(morning).toBeGreaterThan(5 * night);
    expect(within(tuesday, tuesday + DAY).length).toBeGreaterThan(1.8 * within(sunday, sunday + DAY).length);
  });

  it('mostly succeeds, and where it fails it says why', () => {
    const failures = month.filter(({ attempt }) => attempt.outcome === 'failure');
    expect(failures.length / month.length).toBeGreaterThan(0.02);
    expect(failures.length / month.length).toBeLessThan(0.08);
    expect(failures.every(({ attempt }) => attempt.reason !== undefined)).toBe(true);
    expect(month.filter(({ attempt }) => attempt.outcome === 'challenge').length).toBeGreaterThan(1_000);
  });

  it('has every application, and answers a challenge under the same correlation id', () => {
    expect(new Set(month.map(({ application }) => application)).size).toBe(6);
    const answered = new Set(
      month.filter(({ attempt }) => attempt.outcome === 'success').map(({ attempt }) => attempt.correlationId),
    );
    const honest = month.filter(({ attempt }) => attempt.outcome === 'challenge' && attempt.id.startsWith('p'));
    // A sign-in under way at the very end of the range is answered beyond it.
    expect(honest.filter(({ attempt }) => !answered.has(attempt.correlationId)).length).toBeLessThanOrEqual(2);
  });

  it('has the password-expiry Monday and a phone that tries its old password every five minutes', () => {
    const expired = month.filter(({ attempt }) => attempt.reason === 'expired' && attempt.factor === 'password');
    expect(expired.length).toBeGreaterThan(20);
    expect(new Set(expired.map(({ attempt }) => attempt.occurredAt.slice(0, 10)))).toEqual(new Set(['2026-11-02']));
    expect(longestSteadyFailure()).toBeGreaterThanOrEqual(10);
  });

  it('names nobody outside example.com', () => {
    const named = new Set(month.map(({ attempt }) => attempt.subject).filter((subject) => subject.includes('@')));
    expect([...named].filter((subject) => !subject.endsWith('@example.com'))).toEqual([]);
  });
});

/** The most failures in a row that one subject has five minutes apart. */
function longestSteadyFailure(): number {
  let longest = 0;
  const runs = new Map<string, { last: number; length: number }>();
  for (const { attempt, at } of month) {
    if (attempt.reason !== 'wrong_password') continue;
    const run = runs.get(attempt.subject);
    const steady = run !== undefined && Math.abs(at - run.last - 5 * MINUTE) < 10_000;
    const length = steady ? run.length + 1 : 1;
    runs.set(attempt.subject, { last: at, length });
    longest = Math.max(longest, length);
  }
  return longest;
}

describe('the live stream of the simulated company', () => {
  const timeline = timelineOf(company);
  const rate = (from: string, hours: number): number => {
    const begin = Date.parse(from);
    return timeline.live(begin, begin + hours * HOUR).length / (hours * 3600);
  };

  it('runs at about one attempt a second by day and a third of that at night', () => {
    expect(rate('2026-11-24T08:00:00Z', 9)).toBeGreaterThan(0.8);
    expect(rate('2026-11-24T08:00:00Z', 9)).toBeLessThan(1.3);
    expect(rate('2026-11-24T01:00:00Z', 3)).toBeGreaterThan(0.2);
    expect(rate('2026-11-24T01:00:00Z', 3)).toBeLessThan(0.45);
  });

  it('cut into minutes is the same as in one piece', () => {
    const pieces = Array.from({ length: 20 }, (_, i) => timeline.live(now + i * MINUTE, now + (i + 1) * MINUTE)).flat();
    expect(pieces).toEqual(timeline.live(now, now + 20 * MINUTE));
  });

  it('contains the history of the same time, apart from past attacks', () => {
    const live = new Map(timeline.live(now - 3 * HOUR, now).map((made) => [made.attempt.id, made]));
    const past = within(now - 3 * HOUR, now).filter(({ attempt }) => !attempt.id.startsWith('x'));
    expect(past.length).toBeGreaterThan(100);
    for (const made of past) expect(live.get(made.attempt.id)).toEqual(made);
  });
});
