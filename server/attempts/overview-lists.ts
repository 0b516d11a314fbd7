import type { AttemptCounts, Outcome } from '../contracts/attempts.js';
import type { OverviewLists } from '../contracts/overview.js';
import type { Stretch } from './domain/overview-period.js';
import { placeOfKey } from './domain/tally.js';
import type { CountedPlace } from './store/overview-tallies.js';

/** Lines of each list. */
export const LINES = 5;

export type Periods = { period: Stretch; previous: Stretch };
/** Lists before people and networks have their names. */
export type Unnamed = Omit<OverviewLists, 'period' | 'previous' | 'ranked' | 'travels' | 'people' | 'networks'> & {
  people: Ranked[];
  networks: Ranked[];
};
export type Ranked = { value: string; count: number; before: number | null };

/** Places for the map, and what has none. */
export function placesOf(
  counted: readonly Omit<CountedPlace, 'places'>[],
  placesInAll: number,
): Pick<OverviewLists, 'places' | 'placesInAll' | 'withoutPlace'> {
  const without = counted.find(({ value }) => value === '');
  return {
    places: counted.flatMap(({ value, attempts, critical }) => {
      const place = placeOfKey(value);
      return place ? [{ place, attempts, critical }] : [];
    }),
    placesInAll,
    withoutPlace: { attempts: without?.attempts ?? 0, critical: without?.critical ?? 0 },
  };
}

/** Sums by outcome. */
export function totalsOf<T extends { outcome: Outcome }>(rows: readonly T[], count: (row: T) => number): AttemptCounts {
  const totals: AttemptCounts = { total: 0, success: 0, failure: 0, challenge: 0, blocked: 0 };
  for (const row of rows) {
    totals[row.outcome] += count(row);
    totals.total += count(row);
  }
  return totals;
}
