import type { EntityManager } from 'typeorm';
import { ACTIVITY_DAYS, type LockDown } from '../../contracts/activity.js';
import type { Queryable } from '../../platform/database/data-source.js';

type Answered = { attemptId: string; personId: string; application: string };

/** Keeps that a sign-in was the person's own. @returns false when it was answered before */
export async function keepOwn(tx: EntityManager, { attemptId, personId, application }: Answered): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    `INSERT INTO sign_in_answers (attempt_id, person_id, application, answer) VALUES ($1, $2, $3, 'mine') ON CONFLICT DO NOTHING RETURNING attempt_id`,
    [attemptId, personId, application],
  );
  return rows.length === 1;
}

export type Secured = Answered & Pick<LockDown, 'session' | 'otherSessions' | 'distrusted' | 'managerTold'>;

/** Keeps that a sign-in was not the person's own, and what was done about it. Whoever said "mine" before may have learnt better. */
export async function keepDisowned(tx: EntityManager, secured: Secured): Promise<void> {
  const { attemptId, personId, application, session, otherSessions, distrusted, managerTold } = secured;
  await tx.query(
    `INSERT INTO sign_in_answers (attempt_id, person_id, application, answer, session, other_sessions, distrusted, manager_told)
     VALUES ($1, $2, $3, 'not_mine', $4, $5, $6, $7)
     ON CONFLICT (attempt_id) DO UPDATE SET answer = 'not_mine', answered_at = now(), session = $4, other_sessions = $5, distrusted = $6, manager_told = $7, factors_checked_at = NULL`,
    [attemptId, personId, application, session, otherSessions, distrusted, managerTold],
  );
}

type Row = Omit<LockDown, 'startedAt' | 'passwordChangedAt' | 'factorsCheckedAt' | 'byBackupCode'> & {
  startedAt: Date;
  passwordChangedAt: Date | null;
  factorsCheckedAt: Date | null;
};

/** Keeps that all factors are the person's own, for every lock-down of theirs; what was said once stays. */
export async function keepFactorsChecked(tx: EntityManager, personId: string): Promise<void> {
  await tx.query(
    `UPDATE sign_in_answers SET factors_checked_at = now() WHERE person_id = $1 AND answer = 'not_mine' AND factors_checked_at IS NULL`,
    [personId],
  );
}

/** The newest lock-down of a person, or that of one attempt. */
export async function readLockDown(
  database: Queryable,
  personId: string,
  attemptId?: string,
): Promise<Omit<LockDown, 'byBackupCode'> | undefined> {
  const [row] = await database.query<Row[]>(
    `SELECT n.attempt_id AS "attemptId", n.answered_at AS "startedAt", n.application, n.session, n.other_sessions AS "otherSessions",
       n.distrusted, n.manager_told AS "managerTold", CASE WHEN p.password_changed_at > n.answered_at THEN p.password_changed_at END AS "passwordChangedAt",
       n.factors_checked_at AS "factorsCheckedAt"
     FROM sign_in_answers n JOIN people p ON p.id = n.person_id
     WHERE n.person_id = $1 AND n.answer = 'not_mine' AND ($2::uuid IS NULL OR n.attempt_id = $2)
       AND n.answered_at > now() - interval '${ACTIVITY_DAYS} days' ORDER BY n.answered_at DESC LIMIT 1`,
    [personId, attemptId ?? null],
  );
  return (
    row && {
      ...row,
      startedAt: row.startedAt.toISOString(),
      passwordChangedAt: row.passwordChangedAt?.toISOString() ?? null,
      factorsCheckedAt: row.factorsCheckedAt?.toISOString() ?? null,
    }
  );
}
