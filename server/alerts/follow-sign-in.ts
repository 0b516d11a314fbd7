import type { PoolClient } from 'pg';
import type { Risk } from '../contracts/detection.js';
import type { Queryable } from '../platform/database/data-source.js';

/** The cause of the alert about a suspicious sign-in, if it has one. */
export async function causeOfSignIn(database: Queryable, attemptId: string): Promise<string | undefined> {
  const [row] = await database.query<{ key: string }[]>(
    `SELECT a.dedup_key AS key FROM alert_attempts l JOIN alerts a ON a.id = l.alert_id
     WHERE l.attempt_id = $1 AND a.kind = 'suspicious-sign-in' ORDER BY a.number LIMIT 1`,
    [attemptId],
  );
  return row?.key;
}

/** Keeps with an alert what its sign-in scores in the light of what followed, in the transaction that raises it. */
export async function keepFollowed(
  client: PoolClient,
  followed: readonly { dedupKey: string; risk: Risk }[],
): Promise<void> {
  for (const { dedupKey, risk } of followed)
    await client.query('UPDATE alerts SET risk = $2 WHERE dedup_key = $1', [dedupKey, JSON.stringify(risk)]);
}
