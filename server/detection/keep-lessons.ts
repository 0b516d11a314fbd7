import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';

/** Something said about a sign-in that the scoring lane has not taken yet; it may be said otherwise meanwhile. */
export type Lesson = { attemptId: string; personId: string; revision: number };

const changed = 'genuine = excluded.genuine, revision = lessons.revision + 1, said_at = now(), learnt_at = NULL';

/**
 * Keeps what a person says about a sign-in of theirs. "Not mine" always counts; "mine" does not undo that, as whoever holds a
 * stolen session could say it: an analyst can.
 */
export async function teachByAnswer(
  tx: EntityManager,
  lesson: { attemptId: string; personId: string; genuine: boolean },
): Promise<void> {
  const { attemptId, personId, genuine } = lesson;
  await tx.query(
    `INSERT INTO lessons (attempt_id, person_id, genuine) VALUES ($1, $2, $3)
     ON CONFLICT (attempt_id) DO UPDATE SET ${changed} WHERE NOT excluded.genuine OR lessons.genuine IS NULL`,
    [attemptId, personId, genuine],
  );
}

/**
 * Keeps what an analyst concludes about the sign-ins that an alert is about; other kinds of alerts are not about whose they were.
 * @param genuine null takes a conclusion back; what the person said counts again
 */
export async function teachByVerdict(tx: EntityManager, alertId: string, genuine: boolean | null): Promise<void> {
  await tx.query(
    `INSERT INTO lessons (attempt_id, person_id, genuine)
     SELECT e.attempt_id, p.id, coalesce($2, n.answer = 'mine') FROM alerts a JOIN people p ON p.id = a.person_id
       JOIN alert_attempts e ON e.alert_id = a.id LEFT JOIN sign_in_answers n ON n.attempt_id = e.attempt_id
     WHERE a.id = $1 AND a.kind IN ('suspicious-sign-in', 'disowned-sign-in') ORDER BY e.attempt_id
     ON CONFLICT (attempt_id) DO UPDATE SET ${changed} WHERE lessons.genuine IS DISTINCT FROM excluded.genuine`,
    [alertId, genuine],
  );
}

/** What waits for the scoring lane, oldest first. */
export async function waitingLessons(database: DataSource, limit: number): Promise<Lesson[]> {
  return database.query<Lesson[]>(
    `SELECT attempt_id AS "attemptId", person_id AS "personId", revision FROM lessons WHERE learnt_at IS NULL ORDER BY said_at LIMIT $1`,
    [limit],
  );
}

/** Ticks lessons off in the scoring transaction; one that was said otherwise meanwhile goes on waiting. */
export async function settleLessons(client: PoolClient, lessons: readonly Lesson[]): Promise<void> {
  if (lessons.length === 0) return;
  await client.query(
    `UPDATE lessons l SET learnt_at = now() FROM unnest($1::uuid[], $2::int[]) AS taken (attempt_id, revision)
     WHERE l.attempt_id = taken.attempt_id AND l.revision = taken.revision`,
    [lessons.map(({ attemptId }) => attemptId), lessons.map(({ revision }) => revision)],
  );
}
