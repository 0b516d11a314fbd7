import type { RiskLevel } from '../../contracts/detection.js';
import type { WebhookChange, WebhookEvent } from '../../contracts/webhooks.js';
import type { Queryable } from '../../platform/database/data-source.js';

export type TargetRow = {
  url: string;
  events: WebhookEvent[];
  severity: RiskLevel;
  perWindow: number;
  sealed: string;
  /** Signs too until `overlapUntil`; both are null once that is over. */
  formerSealed: string | null;
  overlapUntil: Date | null;
  since: Date;
  changedAt: Date;
  failingSince: Date | null;
  disabledAt: Date | null;
  disabledReason: string | null;
};

/** The target, if there is one. @param lock makes those who read it so come one after the other */
export async function readTarget(database: Queryable, lock = false): Promise<TargetRow | undefined> {
  const [row] = await database.query<TargetRow[]>(
    `SELECT url, events, severity, per_window AS "perWindow", sealed, since, changed_at AS "changedAt", failing_since AS "failingSince",
       CASE WHEN former_until > now() THEN former_sealed END AS "formerSealed", CASE WHEN former_until > now() THEN former_until END AS "overlapUntil",
       disabled_at AS "disabledAt", disabled_reason AS "disabledReason" FROM webhook${lock ? ' FOR UPDATE' : ''}`,
  );
  return row;
}

export async function insertTarget(tx: Queryable, change: WebhookChange, sealed: string): Promise<void> {
  await tx.query('INSERT INTO webhook (url, events, severity, per_window, sealed) VALUES ($1, $2, $3, $4, $5)', [
    change.url,
    change.events,
    change.severity,
    change.perWindow,
    sealed,
  ]);
}

/** Another address starts without the failures of the former one. */
export async function updateTarget(tx: Queryable, change: WebhookChange): Promise<void> {
  await tx.query(
    `UPDATE webhook SET url = $1, events = $2, severity = $3, per_window = $4, changed_at = now(),
       failing_since = CASE WHEN url = $1 THEN failing_since END`,
    [change.url, change.events, change.severity, change.perWindow],
  );
}

/** @param former the present secret, sealed for its new place, and how long it signs beside the new one */
export async function renewSecret(
  tx: Queryable,
  sealed: string,
  former: { sealed: string; hours: number },
): Promise<void> {
  await tx.query(
    'UPDATE webhook SET sealed = $1, former_sealed = $2, former_until = now() + make_interval(hours => $3)',
    [sealed, former.sealed, former.hours],
  );
}

/** Puts other seals of the same secrets in the place of former ones, unless those are no longer there. */
export async function replaceSeals(
  database: Queryable,
  from: { sealed: string; formerSealed: string | null },
  to: { sealed: string; formerSealed: string | null },
): Promise<void> {
  await database.query('UPDATE webhook SET sealed = $2, former_sealed = $3 WHERE sealed = $1', [
    from.sealed,
    to.sealed,
    to.formerSealed,
  ]);
}

/** A former secret whose time is over is wiped. */
export async function wipeFormerSecret(database: Queryable): Promise<void> {
  await database.query('UPDATE webhook SET former_sealed = NULL, former_until = NULL WHERE former_until <= now()');
}

/** What happened while it was off is not told afterwards. */
export async function enableTarget(tx: Queryable): Promise<void> {
  await tx.query(
    'UPDATE webhook SET since = now(), disabled_at = NULL, disabled_reason = NULL, failing_since = NULL WHERE disabled_at IS NOT NULL',
  );
}

export async function disableTarget(tx: Queryable, reason: string): Promise<void> {
  await tx.query('UPDATE webhook SET disabled_at = now(), disabled_reason = $1', [reason]);
}

/** @returns whether there was one */
export async function deleteTarget(tx: Queryable): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>('DELETE FROM webhook');
  return hit === 1;
}

/** @returns since when nothing was taken */
export async function noteFailure(database: Queryable): Promise<Date | undefined> {
  const [[row]] = await database.query<[{ since: Date }[], number]>(
    'UPDATE webhook SET failing_since = coalesce(failing_since, now()) RETURNING failing_since AS since',
  );
  return row?.since;
}

export async function noteSuccess(database: Queryable): Promise<void> {
  await database.query('UPDATE webhook SET failing_since = NULL WHERE failing_since IS NOT NULL');
}
