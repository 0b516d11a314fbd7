import type { Decision } from '../contracts/decisions.js';
import type { Queryable } from '../platform/database/data-source.js';

/** What was answered to whoever asked before a sign-in; null where nobody asked, or it was too long ago. */
export async function decisionOf(
  database: Queryable,
  { id, occurredAt }: { id: string; occurredAt: string },
): Promise<Decision | null> {
  const [row] = await database.query<{ decision: Decision | null }[]>(
    `SELECT decision FROM assessments WHERE attempt_id = $1 AND asked_at BETWEEN $2::timestamptz - interval '1 hour' AND $2::timestamptz + interval '1 hour'
     ORDER BY asked_at DESC LIMIT 1`,
    [id, occurredAt],
  );
  return row?.decision ?? null;
}
