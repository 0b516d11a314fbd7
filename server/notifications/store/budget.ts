import type { EntityManager } from 'typeorm';
import type { PersonKind, QuietHours } from '../../contracts/notifications.js';
import type { Queryable } from '../../platform/database/data-source.js';
import { timeOf } from '../domain/quiet-hours.js';

/** Makes those who write to one person, or gather a digest for them, come one after the other. */
export async function lockBudget(tx: EntityManager, personId: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('budget:' || $1, 0))`, [personId]);
}

/** When messages to a person left within the longest window, oldest first: what is on its way leaves now, and several addresses count once. */
export async function readSpent(
  tx: EntityManager,
  personId: string,
  windowMinutes: number,
): Promise<{ kind: PersonKind; at: Date }[]> {
  return tx.query<{ kind: PersonKind; at: Date }[]>(
    `SELECT kind, min(at) AS at FROM (
       SELECT kind, dedup_key, CASE WHEN state = 'queued' THEN now() ELSE coalesce(sent_at, created_at) END AS at FROM notifications
       WHERE person_id = $1 AND budgeted AND state NOT IN ('held', 'digested')) n
     WHERE at > now() - make_interval(mins => greatest(60, $2)) GROUP BY kind, dedup_key ORDER BY 2`,
    [personId, windowMinutes],
  );
}

/** The end of the seconds after the last critical message to a person, in which others are gathered; null where it is over. */
export async function readGathering(tx: EntityManager, personId: string, seconds: number): Promise<Date | null> {
  const [row] = await tx.query<{ until: Date | null }[]>(
    `SELECT coalesce(min(next_try_at) FILTER (WHERE state = 'held'),
         max(created_at) FILTER (WHERE state <> 'digested') + make_interval(secs => $2)) AS until
     FROM notifications WHERE person_id = $1 AND critical AND created_at > now() - interval '1 hour'`,
    [personId, seconds],
  );
  return row?.until && row.until.getTime() > Date.now() ? row.until : null;
}

type Row = { timeZone: string; begins: number | null; ends: number | null };

/** Whoever set none has the time zone of the organisation and no quiet hours. */
export async function readQuietHours(database: Queryable, personId: string): Promise<QuietHours> {
  const [row] = await database.query<Row[]>(
    `SELECT coalesce(q.time_zone, i.time_zone) AS "timeZone", q.begins, q.ends FROM installation i LEFT JOIN quiet_hours q ON q.person_id = $1`,
    [personId],
  );
  const { timeZone = 'UTC', begins = null, ends = null } = row ?? {};
  return { timeZone, quiet: begins === null || ends === null ? null : { begins: timeOf(begins), ends: timeOf(ends) } };
}

export async function writeQuietHours(tx: Queryable, personId: string, row: Row): Promise<void> {
  await tx.query(
    `INSERT INTO quiet_hours (person_id, time_zone, begins, ends) VALUES ($1, $2, $3, $4)
     ON CONFLICT (person_id) DO UPDATE SET time_zone = $2, begins = $3, ends = $4`,
    [personId, row.timeZone, row.begins, row.ends],
  );
}

/** A message that waits for room in the budget, or for the end of quiet hours. */
export type HeldRow = { id: string; kind: PersonKind; dedupKey: string; payload: object; sealed: string | null };

/** Somebody's held messages: the critical ones, which are gathered, or those that wait for room or for the morning. */
export type HeldFor = { personId: string; critical: boolean };

/** @returns somebody for whom held messages are due */
export async function nextHeldFor(tx: EntityManager): Promise<HeldFor | undefined> {
  const [row] = await tx.query<HeldFor[]>(
    `SELECT person_id AS "personId", critical FROM notifications WHERE state = 'held' AND next_try_at <= now() AND person_id IS NOT NULL
     ORDER BY next_try_at LIMIT 1`,
  );
  return row;
}

const heldFor = `person_id = $1 AND critical = $2 AND state = 'held'`;

/** Everything held for a person, in the order of its coming. */
export async function readHeldFor(tx: EntityManager, { personId, critical }: HeldFor): Promise<HeldRow[]> {
  return tx.query<HeldRow[]>(
    `SELECT id, kind, dedup_key AS "dedupKey", payload, sealed FROM notifications WHERE ${heldFor} ORDER BY number FOR UPDATE`,
    [personId, critical],
  );
}

export async function holdUntil(tx: EntityManager, { personId, critical }: HeldFor, at: Date): Promise<void> {
  await tx.query(`UPDATE notifications SET next_try_at = $3 WHERE ${heldFor}`, [personId, critical, at]);
}

export async function letGo(tx: EntityManager, { personId, critical }: HeldFor): Promise<void> {
  await tx.query(`UPDATE notifications SET state = 'queued', next_try_at = now() WHERE ${heldFor}`, [
    personId,
    critical,
  ]);
}

/** What a digest tells is out of the queue; its secrets live on only in the digest. */
export async function markDigested(tx: EntityManager, ids: readonly string[], digestId: string): Promise<void> {
  await tx.query(
    `UPDATE notifications SET state = 'digested', digest_id = $2, sealed = NULL, next_try_at = NULL WHERE id = ANY($1)`,
    [ids, digestId],
  );
}
