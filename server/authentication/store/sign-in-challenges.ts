import type { EntityManager } from 'typeorm';
import type { Queryable } from '../../platform/database/data-source.js';

export type ChallengeRow = {
  personId: string;
  person: string;
  askedAt: Date;
  until: Date;
  by: string;
  alert: { id: string; number: string } | null;
};

/** Asks for a second factor at the next sign-in; one that stands is asked for as long as the longer of the two. @returns whom it is new to */
export async function insertChallenges(
  tx: EntityManager,
  { personIds, minutes, by, alertId }: { personIds: readonly string[]; minutes: number; by: string; alertId: string },
): Promise<string[]> {
  await tx.query('DELETE FROM sign_in_challenges WHERE person_id = ANY($1::uuid[]) AND until <= now()', [personIds]);
  const rows = await tx.query<{ id: string; added: boolean }[]>(
    `INSERT INTO sign_in_challenges AS c (person_id, until, by_name, alert_id)
     SELECT id, now() + make_interval(mins => $2), $3, $4 FROM unnest($1::uuid[]) AS given (id) ORDER BY id
     ON CONFLICT (person_id) DO UPDATE SET until = greatest(c.until, excluded.until) RETURNING person_id AS id, xmax = 0 AS added`,
    [personIds, minutes, by, alertId],
  );
  return rows.filter(({ added }) => added).map(({ id }) => id);
}

/** @returns the alert that it came of; undefined where nothing was asked */
export async function deleteChallenge(
  tx: EntityManager,
  personId: string,
): Promise<{ alertId: string | null } | undefined> {
  const [[gone]] = await tx.query<[{ alertId: string | null }[], number]>(
    'DELETE FROM sign_in_challenges WHERE person_id = $1 AND until > now() RETURNING alert_id AS "alertId"',
    [personId],
  );
  return gone;
}

/** Those that stand, of one person or because of alerts. */
export function readChallenges(
  database: Queryable,
  of: { personId: string } | { alertIds: readonly string[] },
): Promise<ChallengeRow[]> {
  const [condition, value] =
    'personId' in of ? ['c.person_id = $1', of.personId] : ['c.alert_id = ANY($1::uuid[])', of.alertIds];
  return database.query<ChallengeRow[]>(
    `SELECT p.id AS "personId", p.name AS person, c.asked_at AS "askedAt", c.until, c.by_name AS by,
       CASE WHEN a.id IS NOT NULL THEN json_build_object('id', a.id, 'number', 'A-' || a.number) END AS alert
     FROM sign_in_challenges c JOIN people p ON p.id = c.person_id LEFT JOIN alerts a ON a.id = c.alert_id
     WHERE ${condition} AND c.until > now() ORDER BY p.name, p.id`,
    [value],
  );
}

export function readChallenged(database: Queryable, limit: number): Promise<{ id: string; until: Date }[]> {
  return database.query<{ id: string; until: Date }[]>(
    'SELECT person_id AS id, until FROM sign_in_challenges WHERE until > now() ORDER BY until DESC LIMIT $1',
    [limit],
  );
}
