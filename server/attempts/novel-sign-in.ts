import type { Risk } from '../contracts/detection.js';
import type { EnrichedAttempt } from '../detection/domain/enriched-attempt.js';
import type { Queryable } from '../platform/database/data-source.js';
import { type AttemptColumns, attemptColumns, toEnriched } from './recent-attempts.js';

type JudgedColumns = AttemptColumns & {
  score: number;
  level: Risk['level'];
  signals: Risk['signals'] | null;
  missing: Risk['missing'] | null;
  policy_version: number;
  simulated: boolean;
};
/** A sign-in as it was judged. */
export type NovelSignIn = { attempt: EnrichedAttempt; risk: Risk; simulated: boolean };

/** The newest sign-in of a person to this application from the address, within a day before, that was with a new device or from a new country. */
export async function novelSignInBefore(
  database: Queryable,
  { applicationId, personId, ip, at }: { applicationId: string; personId: string; ip: string; at: number },
): Promise<NovelSignIn | undefined> {
  const [row] = await database.query<JudgedColumns[]>(
    `SELECT ${attemptColumns}, score, level, signals, missing, policy_version, simulated FROM attempts t
     WHERE person_id = $1 AND application_id = $2 AND ip = $3 AND outcome = 'success'
       AND occurred_at BETWEEN $4::timestamptz - interval '1 day' AND $4::timestamptz
       AND (signals @> '[{"kind": "new-device"}]' OR signals @> '[{"kind": "new-country"}]')
     ORDER BY occurred_at DESC LIMIT 1`,
    [personId, applicationId, ip, new Date(at).toISOString()],
  );
  if (!row) return undefined;
  const { score, level, signals, missing, policy_version: policyVersion, simulated } = row;
  const risk = { score, level, signals: signals ?? [], missing: missing ?? [], policyVersion };
  return { attempt: toEnriched(row), risk, simulated };
}
