import type { PastSignIn } from '../detection/domain/relearn.js';
import type { Queryable } from '../platform/database/data-source.js';
import { type AttemptColumns, attemptColumns, toEnriched } from './recent-attempts.js';

/** Sign-ins that a profile is made of again, the newest ones. At 20 a day it is more than a year, in which a weight halves four times. */
const SIGN_INS_MAX = 10_000;

/** The stored sign-ins of a person, oldest first, with what was said about them. */
export async function signInsOf(database: Queryable, personId: string): Promise<PastSignIn[]> {
  const rows = await database.query<(AttemptColumns & { score: number; genuine: boolean | null })[]>(
    `SELECT ${attemptColumns}, score, (SELECT genuine FROM lessons WHERE attempt_id = t.id) AS genuine
     FROM (SELECT * FROM attempts WHERE person_id = $1 AND outcome = 'success' ORDER BY occurred_at DESC, id DESC LIMIT $2) t
     ORDER BY occurred_at, id`,
    [personId, SIGN_INS_MAX],
  );
  return rows.map((row) => ({ attempt: toEnriched(row), score: row.score, genuine: row.genuine }));
}
