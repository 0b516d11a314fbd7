import type { EntityManager } from 'typeorm';
import type { Queryable } from '../../platform/database/data-source.js';

/** A containment that was begun this long ago and never finished was left by a process that is gone, in seconds. */
export const ABANDONED_SECONDS = 60;

export type ContainmentRow = {
  id: string;
  alertId: string;
  by: string;
  begunAt: Date;
  /** Null as long as it is under way, or where it was left. */
  finishedAt: Date | null;
  sources: number;
  throttledUntil: Date | null;
  resolved: boolean;
  /** The version of the detection policy by whose rule it was done; null where a person did it. */
  policyVersion: number | null;
};

const columns = `id, alert_id AS "alertId", by_name AS by, begun_at AS "begunAt", finished_at AS "finishedAt", sources, throttled_until AS "throttledUntil", resolved, policy_version AS "policyVersion"`;

/** The last containment of any of these alerts that stands. */
export async function lastContainment(
  database: Queryable,
  alertIds: readonly string[],
): Promise<ContainmentRow | undefined> {
  const [row] = await database.query<ContainmentRow[]>(
    `SELECT ${columns} FROM containments WHERE alert_id = ANY($1::uuid[]) AND undone_at IS NULL
       AND (finished_at IS NOT NULL OR begun_at > now() - interval '${ABANDONED_SECONDS} seconds') ORDER BY begun_at DESC LIMIT 1`,
    [alertIds],
  );
  return row;
}

/** The alert that a containment is about. */
export async function containedAlert(database: Queryable, id: string): Promise<string | undefined> {
  const [row] = await database.query<{ alertId: string }[]>(
    'SELECT alert_id AS "alertId" FROM containments WHERE id = $1 AND undone_at IS NULL',
    [id],
  );
  return row?.alertId;
}

export async function lockContainment(tx: EntityManager, id: string): Promise<ContainmentRow | undefined> {
  const [row] = await tx.query<ContainmentRow[]>(
    `SELECT ${columns} FROM containments WHERE id = $1 AND undone_at IS NULL FOR UPDATE`,
    [id],
  );
  return row;
}

export async function beginContainment(
  tx: EntityManager,
  { id, alertId, by }: { id: string; alertId: string; by: { id: string | null; name: string } },
): Promise<void> {
  await tx.query('INSERT INTO containments (id, alert_id, by_id, by_name) VALUES ($1, $2, $3, $4)', [
    id,
    alertId,
    by.id,
    by.name,
  ]);
}

export async function finishContainment(
  tx: EntityManager,
  { id, sources, until, resolved }: { id: string; sources: number; until: Date | null; resolved: boolean },
): Promise<void> {
  await tx.query(
    'UPDATE containments SET finished_at = now(), sources = $2, throttled_until = $3, resolved = $4 WHERE id = $1',
    [id, sources, until, resolved],
  );
}

export async function markUndone(tx: EntityManager, id: string): Promise<void> {
  await tx.query('UPDATE containments SET undone_at = now() WHERE id = $1', [id]);
}

export type ContainedPerson = {
  id: string;
  name: string;
  sessionsEnded: number;
  passwordRequired: boolean;
  note: string | null;
  revocationId: string | null;
};

/** Of how many people of a containment the new password is still demanded. */
export async function countDemanded(database: Queryable, { id, begunAt }: ContainmentRow): Promise<number> {
  const [row] = await database.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM containment_people c JOIN people p ON p.id = c.person_id
     WHERE c.containment_id = $1 AND c.password_required AND p.password_change_required_at >= $2`,
    [id, begunAt],
  );
  return row?.count ?? 0;
}

export async function keepPerson(database: Queryable, containmentId: string, person: ContainedPerson): Promise<void> {
  await database.query(
    `INSERT INTO containment_people (containment_id, person_id, sessions_ended, password_required, note, revocation_id) VALUES ($1, $2, $3, $4, $5, $6)`,
    [containmentId, person.id, person.sessionsEnded, person.passwordRequired, person.note, person.revocationId],
  );
}

export function readContained(database: Queryable, containmentId: string): Promise<ContainedPerson[]> {
  return database.query<ContainedPerson[]>(
    `SELECT p.id, p.name, c.sessions_ended AS "sessionsEnded", c.password_required AS "passwordRequired", c.note, c.revocation_id AS "revocationId"
     FROM containment_people c JOIN people p ON p.id = c.person_id WHERE c.containment_id = $1 ORDER BY p.id`,
    [containmentId],
  );
}
