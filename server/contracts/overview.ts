import { z } from 'zod';
import { attemptCounts, attemptFilter, named, outcome } from './attempts.js';
import { place } from './detection.js';
import { instant } from './paging.js';

export const overviewPeriods = ['24h', '7d', '30d'] as const;
export const overviewPeriod = z.enum(overviewPeriods);
export type OverviewPeriod = z.infer<typeof overviewPeriod>;

/** What the whole page is narrowed by: as lists of attempts are, at any time. */
export const figuresQuery = attemptFilter.omit({ from: true, to: true });
export type FiguresQuery = z.infer<typeof figuresQuery>;
export const overviewQuery = figuresQuery.extend({ period: overviewPeriod.default('24h') });
export type OverviewQuery = z.infer<typeof overviewQuery>;

const counts = attemptCounts.omit({ total: true });

/** Counts of an hour or a minute. */
export const countedTime = z.object({ startsAt: instant, counts });

/** The last hour by minutes, the last day by hours, and the same hour a week before. */
export const overviewFigures = z.object({
  asOf: instant,
  /** The sixty minutes that end with the present one; minutes in which nothing happened are left out. */
  minutes: z.array(countedTime),
  /** Twenty-four whole hours and the present one; null where nobody looked or too much was found to be counted. */
  hours: z.array(z.object({ startsAt: instant, counts: counts.nullable(), openSessions: z.number().int().nullable() })),
  /** The same sixty minutes a week before; null where nobody looked then. */
  lastWeek: z.object({ counts: counts.nullable(), openSessions: z.number().int().nullable() }),
  /** Open now; a filter of attempts that sessions don't have leaves them as they are. */
  openSessions: z.number().int(),
  /** Whether the filter holds for sessions too. */
  sessionsFiltered: z.boolean(),
});
export type OverviewFigures = z.infer<typeof overviewFigures>;

const stretch = z.object({ from: instant, to: instant });
/** How many in the period, and in the one before where that is known. */
const ranked = z.object({ count: z.number().int(), before: z.number().int().nullable() });

/** What a period holds, by everything that it can be filtered by. People, addresses and the like are ranked by `ranked`. */
export const overviewLists = z.object({
  period: stretch,
  previous: stretch,
  /** Only the newest so many attempts were looked at, which go back to this time: everything below is about them alone. */
  newest: z.object({ attempts: z.number().int(), since: instant }).nullable(),
  totals: attemptCounts,
  before: attemptCounts.nullable(),
  ranked: z.union([outcome, z.literal('failed')]),
  reasons: z.array(ranked.extend({ outcome, reason: z.string() })),
  people: z.array(ranked.extend({ person: named })),
  addresses: z.array(ranked.extend({ address: z.string() })),
  networks: z.array(ranked.extend({ asn: z.number().int().nullable(), organisation: z.string().nullable() })),
  countries: z.array(ranked.extend({ country: z.string().nullable() })),
  applications: z.array(ranked.extend({ application: named })),
  /** The places with the most attempts, and how many places there are. */
  places: z.array(z.object({ place, attempts: z.number().int(), critical: z.number().int() })),
  placesInAll: z.number().int(),
  withoutPlace: z.object({ attempts: z.number().int(), critical: z.number().int() }),
  /** Journeys that nobody can have made, of open alerts: the filter does not hold for them. */
  travels: z.array(
    z.object({ alertId: z.uuid(), person: z.string(), from: place, to: place, km: z.number(), minutes: z.number() }),
  ),
});
export type OverviewLists = z.infer<typeof overviewLists>;
