import type { EntityManager } from 'typeorm';
import type { WebhookMessage } from '../../contracts/webhooks.js';
import type { Queryable } from '../../platform/database/data-source.js';

/** The target is no person: its messages have this receiver. */
const RECIPIENT = 'webhook';

export type NewDelivery = {
  id: string;
  key: string;
  payload: WebhookMessage;
  budgeted: boolean;
  heldUntil: Date | null;
};

/** Puts a message into the outbox, unless one of the same event is there. */
export async function addDelivery(tx: EntityManager, row: NewDelivery): Promise<void> {
  await tx.query(
    `INSERT INTO notifications (id, kind, recipient, dedup_key, payload, budgeted, state, next_try_at)
     VALUES ($1, 'webhook_event', '${RECIPIENT}', $2, $3, $4, CASE WHEN $5::timestamptz IS NULL THEN 'queued' ELSE 'held' END, coalesce($5, now()))
     ON CONFLICT (dedup_key, recipient) DO NOTHING`,
    [row.id, row.key, row.payload, row.budgeted, row.heldUntil],
  );
}

/** When messages that have a budget left within the window, oldest first, milliseconds since 1970; what is on its way leaves now. */
export async function readSpentAt(tx: EntityManager, windowMinutes: number): Promise<number[]> {
  const rows = await tx.query<{ at: Date }[]>(
    `SELECT at FROM (SELECT CASE WHEN state = 'queued' THEN now() ELSE coalesce(sent_at, created_at) END AS at FROM notifications
       WHERE person_id IS NULL AND budgeted AND state NOT IN ('held', 'digested')) n
     WHERE at > now() - make_interval(mins => $1) ORDER BY at`,
    [windowMinutes],
  );
  return rows.map(({ at }) => at.getTime());
}

/** Everything that is held, oldest first, once some of it is due. */
export async function readHeldDue(tx: EntityManager): Promise<{ id: string; payload: WebhookMessage; at: Date }[]> {
  return tx.query<{ id: string; payload: WebhookMessage; at: Date }[]>(
    `SELECT id, payload, created_at AS at FROM notifications WHERE person_id IS NULL AND state = 'held'
       AND EXISTS (SELECT FROM notifications WHERE person_id IS NULL AND state = 'held' AND next_try_at <= now()) ORDER BY number FOR UPDATE`,
  );
}

export async function letGo(tx: EntityManager, id: string): Promise<void> {
  await tx.query(`UPDATE notifications SET state = 'queued', next_try_at = now() WHERE id = $1`, [id]);
}

export async function markDigested(tx: EntityManager, ids: readonly string[], digestId: string): Promise<void> {
  await tx.query(`UPDATE notifications SET state = 'digested', digest_id = $2, next_try_at = NULL WHERE id = ANY($1)`, [
    ids,
    digestId,
  ]);
}

export type ClaimedDelivery = { id: string; payload: WebhookMessage; tries: number };

/** Takes messages that are due; whoever took them has `leaseSeconds` to say how it went. */
export async function claimDeliveries(
  database: Queryable,
  limit: number,
  leaseSeconds: number,
): Promise<ClaimedDelivery[]> {
  const [rows] = await database.query<[ClaimedDelivery[], number]>(
    `UPDATE notifications SET tries = tries + 1, next_try_at = now() + make_interval(secs => $2) WHERE id IN (
       SELECT id FROM notifications WHERE person_id IS NULL AND state = 'queued' AND next_try_at <= now()
       ORDER BY next_try_at, number LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, payload, tries`,
    [limit, leaseSeconds],
  );
  return rows;
}

/** What waits is given up, as there is nobody to tell any more. */
export async function giveUpWaiting(tx: EntityManager, reason: string): Promise<void> {
  await tx.query(
    `UPDATE notifications SET state = 'failed', last_error = $1, next_try_at = NULL WHERE person_id IS NULL AND state IN ('queued', 'held')`,
    [reason],
  );
}

export type DeliveryRow = {
  position: string;
  id: string;
  payload: WebhookMessage;
  state: 'queued' | 'held' | 'digested' | 'sent' | 'failed';
  tries: number;
  lastError: string | null;
  createdAt: Date;
  sentAt: Date | null;
  nextTryAt: Date | null;
};

/** Newest first. */
export async function readDeliveries(
  database: Queryable,
  after: { at: string; id: string } | undefined,
  limit: number,
): Promise<DeliveryRow[]> {
  return database.query<DeliveryRow[]>(
    `SELECT created_at::text AS position, id, payload, state, tries, last_error AS "lastError", created_at AS "createdAt", sent_at AS "sentAt",
       next_try_at AS "nextTryAt"
     FROM notifications WHERE person_id IS NULL AND ($1::timestamptz IS NULL OR (created_at, id) < ($1, $2::uuid))
     ORDER BY created_at DESC, id DESC LIMIT $3`,
    [after?.at ?? null, after?.id ?? null, limit],
  );
}
