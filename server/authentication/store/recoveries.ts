import type { EntityManager } from 'typeorm';
import type { Queryable } from '../../platform/database/data-source.js';

export type RecoveryRow = {
  id: string;
  personId: string;
  startedAt: Date;
  readyAt: Date;
  linkExpiresAt: Date | null;
  addresses: string[];
};
export type RecoveryEnd = 'completed' | 'cancelled' | 'expired';

const columns = `id, person_id AS "personId", started_at AS "startedAt", ready_at AS "readyAt", link_expires_at AS "linkExpiresAt", addresses`;

/** A second factor was set up, shown or taken away since the beginning: not all are lost, or none is in the way any more. */
const factorSeen = `EXISTS (SELECT FROM authenticators a WHERE a.person_id = r.person_id
  AND greatest(a.confirmed_at, a.last_used_at, a.removed_at) > r.started_at)`;

/**
 * A mailed link set the password and will be mailed at the end of the wait too: the mailbox would be enough for both, which
 * SP 800-63B-4 §4.2.2.2 rules out for an account with a second factor.
 */
const mailed = 'p.password_mailed_at IS NOT NULL';

/** Every confirmed address of a person, also those that get no ordinary notices. */
export async function allAddressesOf(database: Queryable, personId: string): Promise<string[]> {
  const rows = await database.query<{ address: string }[]>(
    `SELECT email AS address FROM people WHERE id = $1 AND NOT simulated
     UNION SELECT address FROM person_addresses WHERE person_id = $1 AND confirmed_at IS NOT NULL ORDER BY 1`,
    [personId],
  );
  return rows.map(({ address }) => address);
}

/** How a person stands to recovery: `hours` of waiting, null where the organisation allows none, and whether the password is no more than the mailbox. */
export async function readRecoveryTerms(
  database: Queryable,
  personId: string,
): Promise<{ hours: number | null; passwordIsMailed: boolean }> {
  const [terms] = await database.query<{ hours: number | null; passwordIsMailed: boolean }[]>(
    `SELECT g.recovery_hours AS hours, ${mailed} AS "passwordIsMailed" FROM sign_in_policy g, people p WHERE p.id = $1`,
    [personId],
  );
  return terms ?? { hours: null, passwordIsMailed: false };
}

/** @returns undefined where one is open already */
export async function insertRecovery(
  tx: EntityManager,
  one: { id: string; personId: string; remindAfter: number; readyAfter: number; addresses: readonly string[] },
): Promise<RecoveryRow | undefined> {
  const [row] = await tx.query<RecoveryRow[]>(
    `INSERT INTO recoveries (id, person_id, remind_at, ready_at, addresses)
     VALUES ($1, $2, now() + make_interval(secs => $3), now() + make_interval(secs => $4), $5)
     ON CONFLICT (person_id) WHERE ended_at IS NULL DO NOTHING RETURNING ${columns}`,
    [one.id, one.personId, one.remindAfter, one.readyAfter, one.addresses],
  );
  return row;
}

export async function readRecovery(database: Queryable, personId: string): Promise<RecoveryRow | undefined> {
  const [row] = await database.query<RecoveryRow[]>(
    `SELECT ${columns} FROM recoveries WHERE person_id = $1 AND ended_at IS NULL`,
    [personId],
  );
  return row;
}

/** Ends what is open. The row decides: of completing and cancelling at once, one happens. */
export async function endRecovery(
  tx: EntityManager,
  personId: string,
  as: Exclude<RecoveryEnd, 'completed'>,
): Promise<RecoveryRow | undefined> {
  const [rows] = await tx.query<[RecoveryRow[], number]>(
    `UPDATE recoveries SET ended_at = now(), ended_as = $2 WHERE person_id = $1 AND ended_at IS NULL RETURNING ${columns}`,
    [personId, as],
  );
  return rows[0];
}

/**
 * The same for one that is over in the good way: the wait is over, the link is alive, the organisation still allows it, the password is
 * more than the mailbox, and no second factor was set up or shown since it began.
 */
export async function finishRecovery(tx: EntityManager, personId: string): Promise<RecoveryRow | undefined> {
  const [rows] = await tx.query<[RecoveryRow[], number]>(
    `UPDATE recoveries r SET ended_at = now(), ended_as = 'completed'
     WHERE person_id = $1 AND ended_at IS NULL AND ready_at <= now() AND link_expires_at > now()
       AND EXISTS (SELECT FROM sign_in_policy WHERE recovery_hours IS NOT NULL)
       AND NOT EXISTS (SELECT FROM people p WHERE p.id = r.person_id AND ${mailed})
       AND NOT ${factorSeen} RETURNING ${columns}`,
    [personId],
  );
  return rows[0];
}

/** Takes one whose half-way reminder is due; it is due once. */
export async function takeReminder(tx: EntityManager): Promise<RecoveryRow | undefined> {
  const [rows] = await tx.query<[RecoveryRow[], number]>(
    `UPDATE recoveries SET remind_at = NULL WHERE id = (
       SELECT id FROM recoveries WHERE ended_at IS NULL AND remind_at <= now() LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING ${columns}`,
  );
  return rows[0];
}

/** Takes one whose wait is over, and lets its link live from now on. */
export async function takeReady(tx: EntityManager, lifeSeconds: number): Promise<RecoveryRow | undefined> {
  const [rows] = await tx.query<[RecoveryRow[], number]>(
    `UPDATE recoveries SET remind_at = NULL, link_expires_at = now() + make_interval(secs => $1) WHERE id = (
       SELECT id FROM recoveries WHERE ended_at IS NULL AND ready_at <= now() AND link_expires_at IS NULL LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING ${columns}`,
    [lifeSeconds],
  );
  return rows[0];
}

/** Why a recovery can't be completed any more. */
export type Overdue = 'not_used' | 'not_allowed' | 'factor_used';

/** Takes one that can't be completed any more: no link used in time, forbidden by now, or a second factor set up, shown or removed. */
export async function takeOverdue(tx: EntityManager): Promise<(RecoveryRow & { why: Overdue }) | undefined> {
  const [rows] = await tx.query<[(RecoveryRow & { why: Overdue })[], number]>(
    `UPDATE recoveries v SET ended_at = now(), ended_as = CASE o.why WHEN 'not_used' THEN 'expired' ELSE 'cancelled' END
     FROM (
       SELECT r.id AS overdue, CASE WHEN g.recovery_hours IS NULL OR p.disabled_at IS NOT NULL THEN 'not_allowed'
         WHEN r.link_expires_at <= now() THEN 'not_used' ELSE 'factor_used' END AS why
       FROM sign_in_policy g, recoveries r JOIN people p ON p.id = r.person_id
       WHERE r.ended_at IS NULL AND (r.link_expires_at <= now() OR g.recovery_hours IS NULL OR p.disabled_at IS NOT NULL OR ${factorSeen})
       LIMIT 1 FOR UPDATE OF r SKIP LOCKED) o
     WHERE v.id = o.overdue RETURNING ${columns}, o.why`,
  );
  return rows[0];
}
