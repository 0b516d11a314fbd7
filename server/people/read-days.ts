import type { PersonDetail } from '../contracts/people.js';
import type { Queryable } from '../platform/database/data-source.js';

/** Days of the strip on a person's page. */
export const STRIP_DAYS = 30;

/** Attempts on a person in each of the last 30 days, oldest first, by UTC day. */
export function readDays(database: Queryable, personId: string): Promise<PersonDetail['days']> {
  return database.query<PersonDetail['days']>(perDay, [personId, STRIP_DAYS]);
}

const perDay = `
  SELECT to_char(d.day, 'YYYY-MM-DD') AS day, count(*) FILTER (WHERE t.outcome = 'success')::int AS success,
    count(*) FILTER (WHERE t.outcome IN ('failure', 'blocked'))::int AS failure
  FROM generate_series((now() AT TIME ZONE 'UTC')::date - ($2::int - 1), (now() AT TIME ZONE 'UTC')::date, interval '1 day') AS d (day)
  LEFT JOIN attempts t ON t.person_id = $1 AND t.occurred_at >= d.day AT TIME ZONE 'UTC' AND t.occurred_at < (d.day + interval '1 day') AT TIME ZONE 'UTC'
  GROUP BY d.day ORDER BY d.day`;
