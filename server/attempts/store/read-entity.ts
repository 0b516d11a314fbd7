import type { Outcome } from '../../contracts/attempts.js';
import type { NetworkKind } from '../../contracts/detection.js';
import { ENTITY_DAYS } from '../../contracts/entities.js';
import type { Queryable } from '../../platform/database/data-source.js';
import { conditions, type ResolvedFilter } from './read-attempts.js';

/** Values shown of each kind. */
const TOP = 8;

export type Dimension =
  'all' | 'day' | 'person' | 'name' | 'address' | 'network' | 'country' | 'application' | 'client';
/** One value with its counts; `distinctValues` says how many its kind has in all. */
export type TallyRow = {
  dimension: Dimension;
  value: string;
  /** What a value is called, where that is stored elsewhere. */
  label: string | null;
  attempts: number;
  successes: number;
  failures: number;
  since: Date;
  distinctValues: number;
};

/** Everything that is counted, over the newest attempts of the last days. The index that finds them ends the reading at the limit. */
export async function tallyNewest(database: Queryable, filter: ResolvedFilter, limit: number): Promise<TallyRow[]> {
  const { where, values } = conditions(filter);
  return database.query<TallyRow[]>(
    `WITH newest AS MATERIALIZED (
       SELECT t.occurred_at, t.person_id, t.subject, t.outcome, t.ip, t.asn, t.country, t.application_id, t.os, t.browser FROM attempts t
       WHERE ${where.join(' AND ')} AND t.occurred_at > now() - interval '${ENTITY_DAYS} days' ORDER BY t.occurred_at DESC, t.id DESC LIMIT $${values.length + 1}),
     tallied AS (
       SELECT v.dimension, v.value, count(*)::int AS attempts, count(*) FILTER (WHERE n.outcome = 'success')::int AS successes,
         count(*) FILTER (WHERE n.outcome IN ('failure', 'blocked'))::int AS failures, min(n.occurred_at) AS since
       FROM newest n CROSS JOIN LATERAL (VALUES ('all', ''), ('day', to_char(n.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD')),
         ('person', n.person_id::text), ('name', CASE WHEN n.person_id IS NULL THEN n.subject END), ('address', host(n.ip)), ('network', n.asn::text),
         ('country', n.country), ('application', n.application_id::text), ('client', nullif(concat_ws(' on ', n.browser, n.os), ''))) AS v (dimension, value)
       WHERE v.value IS NOT NULL GROUP BY 1, 2),
     ranked AS (
       SELECT *, count(*) OVER (PARTITION BY dimension)::int AS distinct_values, row_number() OVER (PARTITION BY dimension ORDER BY attempts DESC, value) AS place FROM tallied)
     SELECT r.dimension, r.value, coalesce(p.name, a.name) AS label, r.attempts, r.successes, r.failures, r.since, r.distinct_values AS "distinctValues" FROM ranked r
       LEFT JOIN people p ON p.id = CASE r.dimension WHEN 'person' THEN r.value::uuid END
       LEFT JOIN applications a ON a.id = CASE r.dimension WHEN 'application' THEN r.value::uuid END
     WHERE r.place <= ${TOP} OR r.dimension = 'day' ORDER BY r.dimension, r.place`,
    [...values, limit],
  );
}

export type EntityEdge = {
  at: Date;
  asn: string | null;
  organisation: string | null;
  network_kind: NetworkKind;
  country: string | null;
};

/** The oldest or newest attempt that is kept. */
export async function readEdge(
  database: Queryable,
  filter: ResolvedFilter,
  edge: 'oldest' | 'newest',
): Promise<EntityEdge | undefined> {
  const { where, values } = conditions(filter);
  const [row] = await database.query<EntityEdge[]>(
    `SELECT t.occurred_at AS at, t.asn, t.organisation, t.network_kind, t.country FROM attempts t WHERE ${where.join(' AND ')}
     ORDER BY t.occurred_at ${edge === 'oldest' ? 'ASC' : 'DESC'} LIMIT 1`,
    values,
  );
  return row;
}

/** What a network is called, by its newest attempt. */
export async function networkNames(database: Queryable, asns: readonly string[]): Promise<Map<string, string | null>> {
  const rows = await database.query<{ asn: string; organisation: string | null }[]>(
    `SELECT n.asn::text AS asn, t.organisation FROM unnest($1::bigint[]) AS n (asn) CROSS JOIN LATERAL (
       SELECT organisation FROM attempts WHERE asn = n.asn ORDER BY occurred_at DESC LIMIT 1) t`,
    [asns],
  );
  return new Map(rows.map(({ asn, organisation }) => [asn, organisation]));
}

/** The attempts of a range of addresses, which no index has in the order of time: counted up to the limit, in any order. */
export async function tallyRange(
  database: Queryable,
  cidr: string,
  limit: number,
): Promise<{ outcome: Outcome; attempts: number; addresses: number }[]> {
  const { where, values } = conditions({ cidr });
  return database.query(
    `SELECT outcome, count(*)::int AS attempts, max(addresses)::int AS addresses FROM (
       SELECT t.outcome, dense_rank() OVER (ORDER BY t.ip) AS addresses FROM (
         SELECT t.outcome, t.ip FROM attempts t WHERE ${where.join(' AND ')} AND t.occurred_at > now() - interval '${ENTITY_DAYS} days' LIMIT $3) t) t
     GROUP BY outcome`,
    [...values, limit],
  );
}

/** Exact counts of an application by UTC day, which are kept by the hour. */
export async function applicationDays(
  database: Queryable,
  applicationId: string,
): Promise<{ day: string; success: number; failure: number }[]> {
  return database.query(
    `SELECT to_char(hour AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, coalesce(sum(attempts) FILTER (WHERE outcome = 'success'), 0)::int AS success,
       coalesce(sum(attempts) FILTER (WHERE outcome IN ('failure', 'blocked')), 0)::int AS failure
     FROM attempt_hours WHERE application_id = $1 AND hour > now() - interval '${ENTITY_DAYS + 1} days' GROUP BY 1`,
    [applicationId],
  );
}

export async function readApplication(
  database: Queryable,
  id: string,
): Promise<{ id: string; name: string } | undefined> {
  const [row] = await database.query<{ id: string; name: string }[]>(
    'SELECT id, name FROM applications WHERE id = $1',
    [id],
  );
  return row;
}
