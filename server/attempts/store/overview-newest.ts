import type { DataSource } from 'typeorm';
import type { Outcome } from '../../contracts/attempts.js';
import type { Stretch } from '../domain/overview-period.js';
import { conditions, type ResolvedFilter } from './read-attempts.js';
import { PLACES_MAX, type TimeCount } from './overview-tallies.js';

/** Attempts looked at for a filtered view: more would not be counted within a tenth of a second. */
export const NEWEST_MAX = 10_000;

/** What each attempt is grouped by, by the name of the group. */
const groups = {
  person: 't.person_id::text',
  address: 'CASE family(t.ip) WHEN 4 THEN host(t.ip) ELSE network(set_masklen(t.ip, 64))::text END',
  network: `coalesce(t.asn::text, '')`,
  country: `coalesce(t.country, '')`,
  place: `CASE WHEN t.latitude IS NULL THEN '' ELSE concat_ws('|', t.country, t.latitude, t.longitude, t.accuracy_km, coalesce(t.city, '')) END`,
  application: 't.application_id::text',
  reason: `t.outcome::text || '/' || coalesce(t.reason, '')`,
  outcome: 't.outcome::text',
};
export type GroupName = keyof typeof groups;
const names = Object.keys(groups) as GroupName[];

export type NewestGroup = { name: GroupName; value: string; attempts: number; critical: number; ranked: number };
/** Groups of the newest attempts that a filter finds; `since` is set where there may be more. */
export type Newest = { groups: NewestGroup[]; attempts: number; since: Date | null; distinctPlaces: number };

/** Which value a row of a grouping set is about. */
const ofGroup = (value: (name: GroupName) => string): string =>
  `CASE ${names.map((name) => `WHEN grouping(${name}) = 0 THEN ${value(name)}`).join(' ')} END`;

/** Groups the newest attempts of a stretch by everything at once; the best of each group by attempts of the given outcomes. */
export async function groupNewest(
  database: DataSource,
  filter: ResolvedFilter,
  asked: { period: Stretch; outcomes: readonly Outcome[]; limit: number; only?: readonly string[] },
): Promise<Newest> {
  const { period, outcomes, limit, only } = asked;
  const { sql, values } = newest(
    { ...filter, ...asRange(period) },
    names.map((name) => `${groups[name]} AS ${name}`).join(', '),
  );
  values.push(outcomes, limit, only ?? null);
  const rows = await database.query<(NewestGroup & { rank: number; of: number; total: number; oldest: Date | null })[]>(
    `WITH found AS MATERIALIZED (${sql}),
       grouped AS (
         SELECT ${ofGroup((name) => `'${name}'`)} AS name, ${ofGroup((name) => name)} AS value, count(*)::int AS attempts,
           (count(*) FILTER (WHERE level = 'critical'))::int AS critical,
           (count(*) FILTER (WHERE outcome_of = ANY($${values.length - 2}::attempt_outcome[])))::int AS ranked
         FROM found GROUP BY GROUPING SETS (${names.map((name) => `(${name})`).join(', ')})),
       numbered AS (
         SELECT *, row_number() OVER (PARTITION BY name ORDER BY (name = 'place' AND critical > 0) DESC, CASE WHEN name IN ('place', 'outcome') THEN attempts ELSE ranked END DESC, value) AS rank,
           (count(*) FILTER (WHERE value <> '') OVER (PARTITION BY name))::int AS of FROM grouped WHERE value IS NOT NULL AND ($${values.length}::text[] IS NULL OR name || ' ' || value = ANY($${values.length})))
     SELECT name, value, attempts, critical, ranked, of, (SELECT count(*)::int FROM found) AS total, (SELECT min(occurred_at) FROM found) AS oldest
     FROM numbered WHERE rank <= CASE name WHEN 'place' THEN ${PLACES_MAX} ELSE $${values.length - 1} END OR (name = 'place' AND value = '')
     ORDER BY name, rank`,
    values,
  );
  const total = rows[0]?.total ?? 0;
  return {
    groups: rows,
    attempts: total,
    since: total >= NEWEST_MAX ? (rows[0]?.oldest ?? null) : null,
    distinctPlaces: rows.find(({ name }) => name === 'place')?.of ?? 0,
  };
}

/** The same attempts by time: by hour or by minute, and since when where there were more. */
export async function countNewest(
  database: DataSource,
  filter: ResolvedFilter,
  unit: 'hour' | 'minute',
  stretch: Stretch,
): Promise<{ counts: TimeCount[]; since: Date | null }> {
  const { sql, values } = newest({ ...filter, ...asRange(stretch) }, '');
  const rows = await database.query<(TimeCount & { total: number; oldest: Date })[]>(
    `WITH found AS MATERIALIZED (${sql})
     SELECT date_trunc('${unit}', occurred_at, 'UTC') AS at, outcome_of AS outcome, count(*)::int AS count,
       (SELECT count(*)::int FROM found) AS total, (SELECT min(occurred_at) FROM found) AS oldest
     FROM found GROUP BY 1, 2`,
    values,
  );
  const [first] = rows;
  return { counts: rows, since: first && first.total >= NEWEST_MAX ? first.oldest : null };
}

/** What given groups had in another stretch, each as its name and value; null where there were too many attempts to know. */
export async function countGroups(
  database: DataSource,
  filter: ResolvedFilter,
  asked: { period: Stretch; outcomes: readonly Outcome[]; only: readonly string[] },
): Promise<Map<string, number> | null> {
  const found = await groupNewest(database, filter, { ...asked, limit: asked.only.length });
  if (found.since) return null;
  return new Map(
    found.groups.map(({ name, value, ranked, attempts }) => [
      `${name} ${value}`,
      name === 'outcome' ? attempts : ranked,
    ]),
  );
}

function newest(filter: ResolvedFilter, columns: string): { sql: string; values: unknown[] } {
  const { where, values } = conditions(filter);
  return {
    sql: `SELECT t.occurred_at, t.outcome AS outcome_of, t.level${columns === '' ? '' : `, ${columns}`} FROM attempts t
      WHERE ${where.join(' AND ')} ORDER BY t.occurred_at DESC LIMIT ${NEWEST_MAX}`,
    values,
  };
}

const asRange = ({ from, to }: Stretch): { from: string; to: string } => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});
