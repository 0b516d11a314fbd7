import type { Assessment, AssessmentDetail } from '../../contracts/decisions.js';
import type { Queryable } from '../../platform/database/data-source.js';

export type AskedRow = { id: string; applicationId: string; attempt: string };

/** Nobody loses anything when the last moment of these rows is lost in a crash, so no caller waits for the disk. */
const relaxed = `relaxed AS (SELECT set_config('synchronous_commit', 'off', true))`;

/** Writes down what is asked and tells the worker that scores, in one statement. */
export async function insertAsked(database: Queryable, rows: readonly AskedRow[]): Promise<void> {
  await database.query(
    `WITH ${relaxed}, asked AS (
       INSERT INTO assessments (id, application_id, attempt)
       SELECT given.id, given.application_id, given.attempt FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS given (id, application_id, attempt), relaxed
       RETURNING id)
     SELECT pg_notify('decision_asked', json_build_object('ids', json_agg(id))::text) FROM asked`,
    [rows.map(({ id }) => id), rows.map(({ applicationId }) => applicationId), rows.map(({ attempt }) => attempt)],
  );
}

/** Of these, what is asked and not answered. */
export async function readAsked(
  database: Queryable,
  ids: readonly string[],
): Promise<{ id: string; attempt: string }[]> {
  return database.query('SELECT id, attempt FROM assessments WHERE id = ANY($1) AND decision IS NULL', [ids]);
}

/**
 * Writes answers down and tells the servers. A worker that lost the lane without knowing it answers nothing, as what it remembers
 * is old.
 */
export async function answerAsked(
  database: Queryable,
  lease: { holder: string; epoch: string },
  answers: readonly (Assessment & { policyVersion: number })[],
): Promise<void> {
  await database.query(
    `WITH ${relaxed}, lane AS (SELECT FROM scoring_lane WHERE holder = $1 AND epoch = $2), answered AS (
       UPDATE assessments a SET attempt = NULL, decision = given.decision, score = given.score, level = given.level, reasons = given.reasons,
         missing = string_to_array(given.missing, ','), policy_version = given.policy_version
       FROM unnest($3::uuid[], $4::text[], $5::smallint[], $6::risk_level[], $7::jsonb[], $8::text[], $9::integer[])
         AS given (id, decision, score, level, reasons, missing, policy_version), lane, relaxed
       WHERE a.id = given.id AND a.decision IS NULL RETURNING a.id)
     SELECT pg_notify('decision_made', json_build_object('ids', json_agg(id))::text) FROM answered HAVING count(*) > 0`,
    [
      lease.holder,
      lease.epoch,
      answers.map(({ assessmentId }) => assessmentId),
      answers.map(({ decision }) => decision),
      answers.map(({ score }) => score),
      answers.map(({ level }) => level),
      answers.map(({ reasons }) => JSON.stringify(reasons)),
      answers.map(({ missing }) => missing.join(',')),
      answers.map(({ policyVersion }) => policyVersion),
    ],
  );
}

/** What the callers were told, whatever the worker may have written a moment too late. */
export async function noteTimeouts(database: Queryable, ids: readonly string[]): Promise<void> {
  await database.query(
    `UPDATE assessments SET attempt = NULL, decision = 'challenge', score = NULL, level = NULL, reasons = '[]', missing = '{time}', policy_version = NULL
     WHERE id = ANY($1)`,
    [ids],
  );
}

const columns = 'id AS "assessmentId", decision, score, level, reasons, missing';

export async function readAnswers(database: Queryable, ids: readonly string[]): Promise<Assessment[]> {
  return database.query(`SELECT ${columns} FROM assessments WHERE id = ANY($1) AND decision IS NOT NULL`, [ids]);
}

/** One that this application asked for. */
export async function readAssessment(
  database: Queryable,
  applicationId: string,
  id: string,
): Promise<(Omit<AssessmentDetail, 'askedAt'> & { askedAt: Date }) | undefined> {
  const [row] = await database.query<(Omit<AssessmentDetail, 'askedAt'> & { askedAt: Date })[]>(
    `SELECT ${columns}, asked_at AS "askedAt", outcome, attempt_id AS "attemptId" FROM assessments
     WHERE id = $1 AND application_id = $2 AND decision IS NOT NULL`,
    [id, applicationId],
  );
  return row;
}

/** @param hours how long ago they were asked at least */
export async function deleteAssessments(database: Queryable, hours: number): Promise<void> {
  await database.query('DELETE FROM assessments WHERE asked_at < now() - make_interval(hours => $1)', [hours]);
}
