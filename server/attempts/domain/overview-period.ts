import type { OverviewPeriod } from '../../contracts/overview.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A stretch of time in milliseconds since 1970, its end not included. */
export type Stretch = { from: number; to: number };

const lengths: Record<OverviewPeriod, { step: number; steps: number }> = {
  '24h': { step: HOUR_MS, steps: 24 },
  '7d': { step: HOUR_MS, steps: 168 },
  '30d': { step: DAY_MS, steps: 30 },
};

/**
 * A period in whole hours, or whole UTC days for the longest, as counts are kept; the present one is its last. The one before is of
 * the same length and ends where this one begins.
 */
export function periodsAt(period: OverviewPeriod, now: number): { period: Stretch; previous: Stretch } {
  const { step, steps } = lengths[period];
  const to = now - (now % step) + step;
  const from = to - steps * step;
  return { period: { from, to }, previous: { from: from - steps * step, to: from } };
}

/** The sixty minutes of which the present one is the last. */
export function lastHour(now: number): Stretch {
  const to = now - (now % 60_000) + 60_000;
  return { from: to - HOUR_MS, to };
}

/** The starts of the present hour and the twenty-four before it. */
export function lastHours(now: number): number[] {
  const present = now - (now % HOUR_MS);
  return Array.from({ length: 25 }, (_, index) => present - (24 - index) * HOUR_MS);
}
