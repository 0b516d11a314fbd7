import type { PoolClient } from 'pg';
import type { ScoredAttempt } from '../attempts/settle-attempts.js';

type Report = { assessmentId: string; enriched: ScoredAttempt['enriched'] };

/**
 * Notes on assessments what became of the sign-in, in the scoring transaction. Of several reports the latest attempt counts; an
 * assessment of another application is left alone, and the attempt recorded like any other.
 */
export async function noteOutcomes(client: PoolClient, scored: readonly ScoredAttempt[]): Promise<void> {
  const latest = new Map<string, Report>();
  for (const { accepted, enriched } of scored) {
    const { assessmentId } = accepted;
    if (assessmentId === undefined) continue;
    const key = `${assessmentId} ${enriched.applicationId}`;
    const known = latest.get(key);
    if (!known || known.enriched.occurredAt <= enriched.occurredAt) latest.set(key, { assessmentId, enriched });
  }
  if (latest.size === 0) return;
  // Sorted, so that rows are always locked in one order.
  const reports = [...latest.values()].sort((a, b) => (a.assessmentId < b.assessmentId ? -1 : 1));
  await client.query({
    name: 'note-outcomes',
    text: `UPDATE assessments a SET outcome = given.outcome, attempt_id = given.attempt_id, attempted_at = given.at
      FROM unnest($1::uuid[], $2::uuid[], $3::attempt_outcome[], $4::uuid[], $5::timestamptz[]) AS given (id, application_id, outcome, attempt_id, at)
      WHERE a.id = given.id AND a.application_id = given.application_id AND (a.attempted_at IS NULL OR a.attempted_at <= given.at)`,
    values: [
      reports.map(({ assessmentId }) => assessmentId),
      reports.map(({ enriched }) => enriched.applicationId),
      reports.map(({ enriched }) => enriched.outcome),
      reports.map(({ enriched }) => enriched.id),
      reports.map(({ enriched }) => new Date(enriched.occurredAt).toISOString()),
    ],
  });
}
