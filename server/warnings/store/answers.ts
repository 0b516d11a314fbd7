import type { EntityManager } from 'typeorm';
import type { AlertStatus } from '../../contracts/alerts.js';
import type { Role } from '../../contracts/people.js';
import type { WarningAnswer } from '../../contracts/warnings.js';
import type { Queryable } from '../../platform/database/data-source.js';
import type { WarnedOf } from './warnings.js';

/** A warning with the one who answers it. */
export type HeldWarning = WarnedOf & {
  status: AlertStatus;
  email: string;
  raisedAt: Date;
  nextStepAt: Date | null;
  /** Of the link in the mail; null in the console, where the session is what ends. */
  expiresAt: Date | null;
  receiver: { id: string; name: string; role: Role };
};

const held = (expiresAt: string): string => `
  SELECT a.id AS "alertId", 'A-' || a.number AS number, a.kind, a.severity, a.status, p.id AS "personId", p.name AS person, p.email,
    w.attempt_id AS "attemptId", coalesce(c.name, 'a removed application') AS application, a.evidence->'topAddresses'->0->>'country' AS country,
    a.last_at AS "lastAt", a.raised_at AS "raisedAt", w.next_step_at AS "nextStepAt", ${expiresAt} AS "expiresAt",
    json_build_object('id', m.id, 'name', m.name, 'role', m.role) AS receiver`;
const about = `JOIN alerts a ON a.id = w.alert_id JOIN people p ON p.id = w.person_id LEFT JOIN applications c ON c.id = a.application_id`;
/** Makes those who answer the same alert, here or in the console, come one after the other. */
const locking = (lock: boolean): string => (lock ? ' FOR UPDATE OF w, a' : '');

export async function readHeld(
  database: Queryable,
  tokenHash: Buffer,
  lock: boolean,
): Promise<HeldWarning | undefined> {
  const [row] = await database.query<HeldWarning[]>(
    `${held('r.expires_at')} FROM warning_receivers r JOIN warnings w ON w.alert_id = r.alert_id JOIN people m ON m.id = r.receiver_id ${about}
     WHERE r.token_hash = $1 AND r.expires_at > now() AND m.disabled_at IS NULL${locking(lock)}`,
    [tokenHash],
  );
  return row;
}

/** The same for somebody signed in, whether or not a mail told them. */
export async function readHeldBy(
  database: Queryable,
  alertId: string,
  readerId: string,
  lock: boolean,
): Promise<HeldWarning | undefined> {
  const [row] = await database.query<HeldWarning[]>(
    `${held('NULL::timestamptz')} FROM warnings w JOIN people m ON m.id = $2 ${about}
     WHERE w.alert_id = $1 AND m.disabled_at IS NULL${locking(lock)}`,
    [alertId, readerId],
  );
  return row;
}

export type GivenAnswer = { answer: WarningAnswer; by: string; at: Date };

export async function readAnswers(database: Queryable, alertId: string): Promise<GivenAnswer[]> {
  return database.query<GivenAnswer[]>(
    `SELECT n.answer, coalesce(p.name, 'somebody who is gone') AS by, n.answered_at AS at
     FROM warning_answers n LEFT JOIN people p ON p.id = n.receiver_id WHERE n.alert_id = $1 ORDER BY n.answered_at`,
    [alertId],
  );
}

/** Keeps an answer, with the alert's history naming who gave it; nobody else is told any more. */
export async function keepAnswer(
  tx: EntityManager,
  { alertId, receiver }: HeldWarning,
  answer: WarningAnswer,
): Promise<void> {
  await tx.query('INSERT INTO warning_answers (alert_id, answer, receiver_id) VALUES ($1, $2, $3)', [
    alertId,
    answer,
    receiver.id,
  ]);
  await tx.query('UPDATE warnings SET next_step_at = NULL WHERE alert_id = $1', [alertId]);
  await tx.query('INSERT INTO alert_events (alert_id, kind, person_id) VALUES ($1, $2, $3)', [
    alertId,
    answer,
    receiver.id,
  ]);
}

export async function closeAsBenign(tx: EntityManager, alertId: string): Promise<void> {
  await tx.query(`UPDATE alerts SET status = 'resolved', verdict = 'benign', resolved_at = now() WHERE id = $1`, [
    alertId,
  ]);
}
