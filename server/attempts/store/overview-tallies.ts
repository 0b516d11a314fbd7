import type { DataSource } from 'typeorm';
import { type Outcome, outcomes } from '../../contracts/attempts.js';
import type { Dimension } from '../domain/tally.js';
import type { Stretch } from '../domain/overview-period.js';

/** What counts can be narrowed by: they are kept for each application and outcome. */
export type TallyFilter = { application?: string | undefined; outcome?: Outcome | undefined };

export type RankedValue = { value: string; count: number; before: number };
export type CountedPlace = { value: string; attempts: number; critical: number; places: number };

/** Most places that a map shows. */
export const PLACES_MAX = 60;

/** Applications are listed, so that the key of the counts is used from its beginning. */
const applications = (at: number) =>
  `application_id = ANY(CASE WHEN $${at}::uuid IS NULL THEN ARRAY(SELECT id FROM applications) ELSE ARRAY[$${at}::uuid] END)`;
const within = (column: string, from: number) =>
  `${column} >= $${from}::timestamptz AND ${column} < $${from + 1}::timestamptz`;
const bounds = ({ from, to }: Stretch): [Date, Date] => [new Date(from), new Date(to)];

/**
 * The values of a dimension with the most attempts of the given outcomes, and what these had in the period before. Everything is counted
 * by country, so that its times are all there are: with them the few values are looked up instead of read among all.
 */
export function rankValues(
  database: DataSource,
  dimension: Dimension,
  ranked: { outcomes: readonly Outcome[]; application: string | undefined; limit: number },
  { period, previous }: { period: Stretch; previous: Stretch },
): Promise<RankedValue[]> {
  return database.query(
    `WITH top AS (
       SELECT value, sum(attempts)::int AS count FROM attempt_tallies
       WHERE dimension = $1 AND ${applications(2)} AND outcome = ANY($3::attempt_outcome[]) AND ${within('bucket', 4)}
       GROUP BY value ORDER BY count DESC, value LIMIT $8
     ), times AS (
       SELECT DISTINCT bucket FROM attempt_tallies
       WHERE dimension = 'country' AND ${applications(2)} AND outcome = ANY($3::attempt_outcome[]) AND ${within('bucket', 6)}
     ), earlier AS (
       SELECT value, sum(attempts)::int AS count FROM attempt_tallies
       WHERE dimension = $1 AND ${applications(2)} AND outcome = ANY($3::attempt_outcome[]) AND bucket = ANY(ARRAY(SELECT bucket FROM times))
         AND value = ANY(ARRAY(SELECT value FROM top)) GROUP BY value
     )
     SELECT value, top.count, coalesce(earlier.count, 0) AS before FROM top LEFT JOIN earlier USING (value) ORDER BY top.count DESC, value`,
    [dimension, ranked.application ?? null, ranked.outcomes, ...bounds(period), ...bounds(previous), ranked.limit],
  );
}

/** Reasons with the outcome that each had. */
export function rankReasons(
  database: DataSource,
  ranked: { outcomes: readonly Outcome[]; application: string | undefined; limit: number },
  { period, previous }: { period: Stretch; previous: Stretch },
): Promise<(RankedValue & { outcome: Outcome })[]> {
  return database.query(
    `SELECT outcome, value, sum(attempts) FILTER (WHERE bucket >= $3)::int AS count,
       coalesce(sum(attempts) FILTER (WHERE bucket < $3), 0)::int AS before
     FROM attempt_tallies WHERE dimension = 'reason' AND ${applications(1)} AND outcome = ANY($2::attempt_outcome[])
       AND bucket >= $5::timestamptz AND bucket < $4::timestamptz
     GROUP BY outcome, value HAVING sum(attempts) FILTER (WHERE bucket >= $3) > 0 ORDER BY count DESC, value, outcome LIMIT $6`,
    [ranked.application ?? null, ranked.outcomes, ...bounds(period), new Date(previous.from), ranked.limit],
  );
}

/** Places by attempts of any of the outcomes; the empty value is what has no place. */
export function countPlaces(database: DataSource, filter: TallyFilter, period: Stretch): Promise<CountedPlace[]> {
  return database.query(
    `SELECT value, attempts, critical, places FROM (
       SELECT value, sum(attempts)::int AS attempts, sum(critical)::int AS critical, (count(*) FILTER (WHERE value <> '') OVER ())::int AS places,
         row_number() OVER (ORDER BY (sum(critical) > 0) DESC, sum(attempts) DESC, value) AS rank
       FROM attempt_tallies WHERE dimension = 'place' AND ${applications(1)} AND outcome = ANY($2::attempt_outcome[]) AND ${within('bucket', 3)}
       GROUP BY value) AS each
     WHERE rank <= ${PLACES_MAX} OR value = '' ORDER BY attempts DESC, value`,
    [filter.application ?? null, filter.outcome ? [filter.outcome] : outcomes, ...bounds(period)],
  );
}

export type ApplicationCount = { id: string; name: string; outcome: Outcome; count: number; before: number };

/** Every application with its outcomes, in the period and before. */
export function countByApplication(
  database: DataSource,
  filter: TallyFilter,
  { period, previous }: { period: Stretch; previous: Stretch },
): Promise<ApplicationCount[]> {
  return database.query(
    `SELECT a.id, a.name, h.outcome, coalesce(sum(h.attempts) FILTER (WHERE h.hour >= $3), 0)::int AS count,
       coalesce(sum(h.attempts) FILTER (WHERE h.hour < $3), 0)::int AS before
     FROM attempt_hours h JOIN applications a ON a.id = h.application_id
     WHERE ($1::uuid IS NULL OR h.application_id = $1) AND ($2::attempt_outcome IS NULL OR h.outcome = $2)
       AND h.hour >= $4::timestamptz AND h.hour < $5::timestamptz GROUP BY a.id, a.name, h.outcome`,
    [
      filter.application ?? null,
      filter.outcome ?? null,
      new Date(period.from),
      new Date(previous.from),
      new Date(period.to),
    ],
  );
}

export type TimeCount = { at: Date; outcome: Outcome; count: number };

/** Counts by minute, for an hour of this week or the last. */
export function countMinutes(database: DataSource, filter: TallyFilter, stretch: Stretch): Promise<TimeCount[]> {
  return database.query(
    `SELECT minute AS at, outcome, sum(attempts)::int AS count FROM attempt_minutes WHERE ${within('minute', 3)}
       AND ($1::uuid IS NULL OR application_id = $1) AND ($2::attempt_outcome IS NULL OR outcome = $2) GROUP BY minute, outcome`,
    [filter.application ?? null, filter.outcome ?? null, ...bounds(stretch)],
  );
}

/** Counts by hour. */
export function countHours(database: DataSource, filter: TallyFilter, stretch: Stretch): Promise<TimeCount[]> {
  return database.query(
    `SELECT hour AS at, outcome, sum(attempts)::int AS count FROM attempt_hours WHERE ${within('hour', 3)}
       AND ($1::uuid IS NULL OR application_id = $1) AND ($2::attempt_outcome IS NULL OR outcome = $2) GROUP BY hour, outcome`,
    [filter.application ?? null, filter.outcome ?? null, ...bounds(stretch)],
  );
}

/** The hours in which a worker looked, with the sessions that were open at the end of each. */
export function readWatched(database: DataSource, stretch: Stretch): Promise<{ at: Date; open: number }[]> {
  return database.query(
    `SELECT hour AS at, open_sessions AS open FROM hours_watched WHERE ${within('hour', 1)}`,
    bounds(stretch),
  );
}
