import type { EntityManager } from 'typeorm';
import type { AlertKind } from '../../contracts/alerts.js';
import type { RiskLevel } from '../../contracts/detection.js';

/** Alerts older than this came with a log that was sent in afterwards: nobody is warned of them any more. */
const WARNED_WITHIN_DAYS = 3;

/** What a warning is about, as far as its alert knows. */
export type WarnedOf = {
  alertId: string;
  number: string;
  kind: AlertKind;
  severity: RiskLevel;
  personId: string;
  person: string;
  /** The newest sign-in of the alert. */
  attemptId: string | null;
  application: string;
  country: string | null;
  lastAt: Date;
};

const columns = `a.id AS "alertId", 'A-' || a.number AS number, a.kind, a.severity, p.id AS "personId", p.name AS person, w.attempt_id AS "attemptId",
  coalesce(c.name, 'a removed application') AS application, a.evidence->'topAddresses'->0->>'country' AS country, a.last_at AS "lastAt"`;
const joins = `JOIN alerts a ON a.id = w.alert_id JOIN people p ON p.id = w.person_id LEFT JOIN applications c ON c.id = a.application_id`;

/**
 * Opens a warning for each of these alerts that calls for one and has none. Its first step is due at once: a worker killed now leaves
 * it to the next.
 * @returns whom they are about
 */
export async function insertWarnings(tx: EntityManager, alertIds: readonly string[]): Promise<string[]> {
  const opened = await tx.query<{ person: string }[]>(
    `INSERT INTO warnings (alert_id, person_id, attempt_id, next_step_at)
     SELECT a.id, p.id, (SELECT attempt_id FROM alert_attempts WHERE alert_id = a.id ORDER BY attempt_id DESC LIMIT 1), now()
     FROM alerts a JOIN people p ON p.id = a.person_id
     WHERE a.id = ANY($1) AND a.kind IN ('suspicious-sign-in', 'revoked-session-used') AND a.severity >= 'high' AND a.status = 'new'
       AND NOT a.simulated AND NOT p.simulated AND p.disabled_at IS NULL AND a.last_at > now() - interval '${WARNED_WITHIN_DAYS} days'
     ORDER BY a.id ON CONFLICT DO NOTHING RETURNING person_id AS person`,
    [alertIds],
  );
  return [...new Set(opened.map(({ person }) => person))];
}

/** A warning whose next step is due; `waited` is false the first time. */
export type DueWarning = WarnedOf & { needed: boolean; waited: boolean };

/** Takes one warning whose next step is due; other workers pass it by until the transaction ends. */
export async function takeDue(tx: EntityManager): Promise<DueWarning | undefined> {
  const [row] = await tx.query<DueWarning[]>(
    `SELECT ${columns}, a.status = 'new' AND NOT EXISTS (SELECT FROM warning_answers WHERE alert_id = a.id)
       AND NOT EXISTS (SELECT FROM sign_in_answers n WHERE n.attempt_id = w.attempt_id) AS needed, w.stepped AS waited
     FROM warnings w ${joins} WHERE w.next_step_at <= now() ORDER BY w.next_step_at LIMIT 1 FOR UPDATE OF w SKIP LOCKED`,
  );
  return row;
}

/** @param seconds until the next step; null where nobody else is to be told */
export async function setNextStep(tx: EntityManager, alertId: string, seconds: number | null): Promise<void> {
  await tx.query(
    'UPDATE warnings SET stepped = true, next_step_at = now() + make_interval(secs => $2) WHERE alert_id = $1',
    [alertId, seconds],
  );
}

export async function readReceivers(tx: EntityManager, alertId: string): Promise<{ id: string; step: string }[]> {
  return tx.query<{ id: string; step: string }[]>(
    'SELECT receiver_id AS id, step FROM warning_receivers WHERE alert_id = $1',
    [alertId],
  );
}

export async function keepReceiver(
  tx: EntityManager,
  one: { alertId: string; receiverId: string; step: 'line' | 'security'; tokenHash: Buffer; lifeSeconds: number },
): Promise<void> {
  await tx.query(
    `INSERT INTO warning_receivers (alert_id, receiver_id, step, token_hash, expires_at)
     VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
    [one.alertId, one.receiverId, one.step, one.tokenHash, one.lifeSeconds],
  );
  await tx.query(`INSERT INTO alert_events (alert_id, kind, person_id) VALUES ($1, 'warned', $2)`, [
    one.alertId,
    one.receiverId,
  ]);
}
