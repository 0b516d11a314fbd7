import type { EntityManager } from 'typeorm';
import type { Queryable } from '../../platform/database/data-source.js';

/** Sign-ins older than this were reported late, of a log that was sent in afterwards: nobody is asked about them any more. */
const ASKED_WITHIN_DAYS = 3;

/** An alert about somebody's sign-in, and the newest sign-in of it. */
export type Doubtful = { alertId: string; personId: string; attemptId: string };

/** Which of these alerts their people should be asked about. Invented people and those who may not sign in are not asked. */
export async function doubtfulSignIns(tx: EntityManager, alertIds: readonly string[]): Promise<Doubtful[]> {
  return tx.query<Doubtful[]>(
    `SELECT a.id AS "alertId", p.id AS "personId",
       (SELECT attempt_id FROM alert_attempts WHERE alert_id = a.id ORDER BY attempt_id DESC LIMIT 1) AS "attemptId"
     FROM alerts a JOIN people p ON p.id = a.person_id
     WHERE a.id = ANY($1) AND a.kind = 'suspicious-sign-in' AND a.severity >= 'high' AND NOT a.simulated
       AND NOT p.simulated AND p.disabled_at IS NULL AND a.last_at > now() - interval '${ASKED_WITHIN_DAYS} days' ORDER BY a.id`,
    [alertIds],
  );
}

/**
 * @param again replaces a question that is not answered yet: the link mailed before stops working
 * @returns false when the question of this alert was asked before
 */
export async function keepQuestion(
  tx: EntityManager,
  question: Doubtful & { tokenHash: Buffer; lifeSeconds: number },
  again: boolean,
): Promise<boolean> {
  const { alertId, personId, attemptId, tokenHash, lifeSeconds } = question;
  const rows = await tx.query<unknown[]>(
    `INSERT INTO sign_in_questions AS q (alert_id, person_id, attempt_id, token_hash, expires_at)
     VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5)) ON CONFLICT (alert_id) DO UPDATE SET person_id = excluded.person_id,
       attempt_id = excluded.attempt_id, token_hash = excluded.token_hash, expires_at = excluded.expires_at
     WHERE $6 AND q.answered_at IS NULL RETURNING alert_id`,
    [alertId, personId, attemptId, tokenHash, lifeSeconds, again],
  );
  return rows.length === 1;
}

/** When somebody was last asked about an alert, and what they said about that sign-in. */
export async function readAsked(
  database: Queryable,
  alertId: string,
  lifeSeconds: number,
): Promise<{ askedAt: Date; answer: 'mine' | 'not_mine' | null; seconds: number } | undefined> {
  const [row] = await database.query<{ askedAt: Date; answer: 'mine' | 'not_mine' | null; seconds: number }[]>(
    `SELECT q.expires_at - make_interval(secs => $2) AS "askedAt", n.answer, extract(epoch FROM now() - q.expires_at)::int + $2 AS seconds
     FROM sign_in_questions q LEFT JOIN sign_in_answers n ON n.attempt_id = q.attempt_id WHERE q.alert_id = $1`,
    [alertId, lifeSeconds],
  );
  return row;
}

export type OpenQuestion = Doubtful & { expiresAt: Date; name: string; email: string };

// A sign-in that was disowned on the page Activity has had its answer.
const open = `q.token_hash = $1 AND q.answered_at IS NULL AND q.expires_at > now() AND p.id = q.person_id AND p.disabled_at IS NULL
  AND NOT EXISTS (SELECT FROM sign_in_answers n WHERE n.attempt_id = q.attempt_id AND n.answer = 'not_mine')`;
const columns = `q.alert_id AS "alertId", q.person_id AS "personId", q.attempt_id AS "attemptId", q.expires_at AS "expiresAt", p.name, p.email`;

export async function readQuestion(database: Queryable, tokenHash: Buffer): Promise<OpenQuestion | undefined> {
  const [row] = await database.query<OpenQuestion[]>(
    `SELECT ${columns} FROM sign_in_questions q, people p WHERE ${open}`,
    [tokenHash],
  );
  return row;
}

/** Uses a question up. The row decides: of any number of answers at once, on any number of servers, one counts. */
export async function spendQuestion(tx: EntityManager, tokenHash: Buffer): Promise<OpenQuestion | undefined> {
  const [rows] = await tx.query<[OpenQuestion[], number]>(
    `UPDATE sign_in_questions q SET answered_at = now() FROM people p WHERE ${open} RETURNING ${columns}`,
    [tokenHash],
  );
  return rows[0];
}
