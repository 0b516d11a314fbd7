import type { Assessment, AssessmentDetail } from '../../contracts/decisions.js';
import type { Queryable } from '../../platform/database/data-source.js';

export type AskedRow = { id: string; applicationId: string; attempt: string };

/** Nobody loses anything when the last moment of these rows is lost in a crash, so no caller waits for the disk. */
const relaxed = `relaxed AS (SELECT set_config('synchronous_commit', 'off', true))`;

/** Bytes that go with one notice; PostgreSQL takes less than 8,000 with what surrounds them. */
const NOTICE_BYTES = 7_500;

/** Writes down what is asked and tells the worker that scores, in one statement; an attempt that fits no notice is left to be read. */
export async function insertAsked(database: Queryable, rows: readonly AskedRow[]): Promise<void> {
  const told = rows.map(({ id, attempt }) => {
    const text = JSON.stringify({ id, attempt });
    return Buffer.byteLength(text) <= NOTICE_BYTES ? text : JSON.stringify({ id, attempt: null });
  });
  await database.query(
    `WITH ${relaxed}, asked AS (
       INSERT INTO assessments (id, application_id, attempt)
       SELECT given.id, given.application_id, given.attempt FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS given (id, application_id, attempt), relaxed)
     SELECT pg_notify('decision_asked', '{"asked":[' || string_agg(told, ',') || ']}')
     FROM unnest($4::text[], $5::integer[]) AS given (told, notice) GROUP BY notice`,
    [
      rows.map(({ id }) => id),
      rows.map(({ applicationId }) => applicationId),
      rows.map(({ attempt }) => attempt),
      told,
      noticesOf(told),
    ],
  );
}

/** Of these, what is asked and not answered. */
export async function readAsked(database: Queryable, ids: readonly string[]): Promise<string[]> {
  const rows: { attempt: string }[] = await database.query(
    'SELECT attempt FROM assessments WHERE id = ANY($1) AND decision IS NULL',
    [ids],
  );
  return rows.map(({ attempt }) => attempt);
}

/** For each text the number of the notice that it goes into, so that each notice stays within its bytes. */
function noticesOf(told: readonly string[]): number[] {
  let notice = 0;
  let bytes = 0;
  return told.map((text) => {
    const more = Buffer.byteLength(text) + 1;
    bytes += more;
    if (bytes > NOTICE_BYTES) {
      notice += 1;
      bytes = more;
    }
    return notice;
  });
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
  const told = answers.map(({ policyVersion: _unused, ...answer }) => JSON.stringify(answer));
  await database.query(
    `WITH ${relaxed}, lane AS (SELECT FROM scoring_lane WHERE holder = $1 AND epoch = $2), answered AS (
       UPDATE assessments a SET attempt = NULL, decision = given.decision, score = given.score, level = given.level, reasons = given.reasons,
         missing = string_to_array(given.missing, ','), policy_version = given.policy_version
       FROM unnest($3::uuid[], $4::text[], $5::smallint[], $6::risk_level[], $7::jsonb[], $8::text[], $9::integer[], $10::text[], $11::integer[])
         AS given (id, decision, score, level, reasons, missing, policy_version, told, notice), lane, relaxed
       WHERE a.id = given.id AND a.decision IS NULL RETURNING given.told, given.notice)
     SELECT pg_notify('decision_made', '{"answers":[' || string_agg(told, ',') || ']}') FROM answered GROUP BY notice`,
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
      told,
      noticesOf(told),
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
