import { TEAM_DAYS } from '../../contracts/team.js';
import type { Queryable } from '../../platform/database/data-source.js';

/** The newest sign-in of each of these people that worked, and its country; those without any in the last 30 days are left out. */
export async function lastSignIns(
  database: Queryable,
  ids: readonly string[],
): Promise<Map<string, { at: string; country: string | null }>> {
  const rows = await database.query<{ id: string; at: Date; country: string | null }[]>(
    `SELECT p.id, t.occurred_at AS at, t.country FROM unnest($1::uuid[]) AS p (id) CROSS JOIN LATERAL (
       SELECT occurred_at, country FROM attempts WHERE person_id = p.id AND outcome = 'success' AND occurred_at > now() - interval '${TEAM_DAYS} days'
       ORDER BY occurred_at DESC LIMIT 1) t`,
    [ids],
  );
  return new Map(rows.map(({ id, at, country }) => [id, { at: at.toISOString(), country }]));
}

/** Until when a manager sees the addresses of somebody, because a reason was given; undefined when they don't. */
export async function revealedUntil(
  database: Queryable,
  managerId: string,
  personId: string,
): Promise<Date | undefined> {
  const [row] = await database.query<{ until: Date }[]>(
    'SELECT until FROM detail_looks WHERE person_id = $2 AND by_id = $1 AND until > now() ORDER BY until DESC LIMIT 1',
    [managerId, personId],
  );
  return row?.until;
}
