import type { EntityManager } from 'typeorm';
import type { PersonKind } from '../../contracts/notifications.js';
import type { Queryable } from '../../platform/database/data-source.js';

export type OutgoingRow = {
  id: string;
  kind: PersonKind;
  personId: string;
  recipient: string;
  dedupKey: string;
  payload: object;
  sealed: string | null;
  expiresInSeconds: number | null;
  /** Whether it counts in the person's budget, and until when it waits for room there; null where it goes out now. */
  budgeted: boolean;
  /** Critical ones that come close together are told in one, and never suppressed. */
  critical: boolean;
  heldUntil: Date | null;
};

/** What a worker takes out of the outbox, with what rendering needs to know about the recipient. */
export type ClaimedRow = {
  id: string;
  number: string;
  kind: PersonKind;
  recipient: string;
  payload: object;
  sealed: string | null;
  tries: number;
  created_at: Date;
  expired: boolean;
  name: string;
  organisation: string;
  time_zone: string;
};

/** Every address that a person's notices go to: the main one, and the confirmed further ones that the person chose. Invented people get no mail. */
export async function addressesOf(tx: EntityManager, personId: string): Promise<string[]> {
  const rows = await tx.query<{ address: string }[]>(
    `SELECT email AS address FROM people WHERE id = $1 AND NOT simulated
     UNION SELECT a.address FROM person_addresses a JOIN people p ON p.id = a.person_id
     WHERE a.person_id = $1 AND a.confirmed_at IS NOT NULL AND a.receives_notices AND NOT p.simulated`,
    [personId],
  );
  return rows.map(({ address }) => address);
}

/** @returns whether it was new; a message of the same key to the same address is in the outbox once */
export async function addToOutbox(tx: EntityManager, row: OutgoingRow): Promise<boolean> {
  const added = await tx.query<unknown[]>(
    `INSERT INTO notifications (id, kind, person_id, recipient, dedup_key, payload, sealed, expires_at, budgeted, critical, state, next_try_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, now() + make_interval(secs => $8), $9, $10, CASE WHEN $11::timestamptz IS NULL THEN 'queued' ELSE 'held' END, coalesce($11, now())) ON CONFLICT (dedup_key, recipient) DO NOTHING RETURNING id`,
    [
      ...[row.id, row.kind, row.personId, row.recipient, row.dedupKey, row.payload, row.sealed, row.expiresInSeconds],
      ...[row.budgeted, row.critical, row.heldUntil],
    ],
  );
  return added.length > 0;
}

/**
 * Takes messages to people that are due; those to the webhook's target have a queue of their own, as a slow target must hold up no mail. Whoever took them has `leaseSeconds` to say how it went; after that they are due again, as their
 * worker may be gone.
 */
export async function claimDue(database: Queryable, limit: number, leaseSeconds: number): Promise<ClaimedRow[]> {
  const [rows] = await database.query<[ClaimedRow[], number]>(
    `UPDATE notifications n SET tries = tries + 1, next_try_at = now() + make_interval(secs => $2)
     FROM people p LEFT JOIN quiet_hours q ON q.person_id = p.id, installation i
     WHERE p.id = n.person_id AND n.id IN (
       SELECT id FROM notifications WHERE state = 'queued' AND next_try_at <= now() AND person_id IS NOT NULL
       ORDER BY next_try_at LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING n.id, n.number, n.kind, n.recipient, n.payload, n.sealed, n.tries, n.created_at,
       coalesce(n.expires_at <= now(), false) AS expired, p.name, i.organisation,
       coalesce(q.time_zone, i.time_zone) AS time_zone`,
    [limit, leaseSeconds],
  );
  return rows;
}

/** A message leaves the queue; its secret is wiped whatever became of it. */
export async function settle(
  database: Queryable,
  id: string,
  state: 'sent' | 'failed' | 'bounced',
  error: string | null,
): Promise<void> {
  await database.query(
    `UPDATE notifications SET state = $2, last_error = $3, sealed = NULL, next_try_at = NULL,
       sent_at = CASE WHEN $2 = 'sent' THEN now() END WHERE id = $1`,
    [id, state, error],
  );
}

export async function postpone(database: Queryable, id: string, seconds: number, error: string): Promise<void> {
  await database.query(
    `UPDATE notifications SET next_try_at = now() + make_interval(secs => $2), last_error = $3 WHERE id = $1 AND state = 'queued'`,
    [id, seconds, error],
  );
}
