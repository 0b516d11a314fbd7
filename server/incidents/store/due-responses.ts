import type { EntityManager } from 'typeorm';
import type { RespondedSeverity } from '../../contracts/detection-policy.js';

export type Act = 'end_sessions' | 'throttle_source' | 'challenge_next';
/** `minutes`: for how long; null for what is done once. */
export type Wanted = { severity: RespondedSeverity; act: Act; minutes: number | null };
export type DueResponse = Pick<Wanted, 'act' | 'minutes'> & {
  id: string;
  alertId: string;
  policyVersion: number;
  tries: number;
};

/**
 * Notes what rules have follow from alerts, as severe as they are now: from those with news everything, from the others what each further
 * attempt brings about. Only adds rows, so that it waits for nobody. @returns how many
 */
export async function insertResponses(
  tx: EntityManager,
  { news, grown }: { news: readonly string[]; grown: readonly string[] },
  wanted: readonly Wanted[],
  policyVersion: number,
): Promise<number> {
  const rows = await tx.query<unknown[]>(
    `INSERT INTO policy_responses (alert_id, act, minutes, policy_version)
     SELECT a.id, w.act, w.minutes, $6 FROM alerts a
       JOIN unnest($3::risk_level[], $4::text[], $5::int[]) AS w (severity, act, minutes) ON w.severity = a.severity
     WHERE (a.id = ANY($1::uuid[]) OR a.id = ANY($2::uuid[]) AND w.act = 'end_sessions')
       AND NOT a.simulated AND a.kind <> 'quarantined-attempt' AND a.status NOT IN ('resolved', 'closed') RETURNING id`,
    [
      news,
      grown,
      wanted.map(({ severity }) => severity),
      wanted.map(({ act }) => act),
      wanted.map(({ minutes }) => minutes),
      policyVersion,
    ],
  );
  return rows.length;
}

const columns = 'id, alert_id AS "alertId", act, minutes, policy_version AS "policyVersion", tries';

/** Takes what is due out of the queue, with all that is the same: it is done, or nothing of the transaction is. */
export async function takeResponse(tx: EntityManager): Promise<DueResponse | undefined> {
  const [first] = await tx.query<DueResponse[]>(
    `SELECT ${columns} FROM policy_responses WHERE next_at <= now() ORDER BY next_at, id LIMIT 1 FOR UPDATE SKIP LOCKED`,
  );
  if (!first) return undefined;
  await tx.query(
    `DELETE FROM policy_responses WHERE id IN (
       SELECT id FROM policy_responses WHERE alert_id = $1 AND act = $2 AND policy_version = $3 ORDER BY id FOR UPDATE SKIP LOCKED)`,
    [first.alertId, first.act, first.policyVersion],
  );
  return first;
}

/** @param seconds until it is tried again */
export async function postponeResponse(tx: EntityManager, id: string, seconds: number): Promise<void> {
  await tx.query(
    'UPDATE policy_responses SET tries = tries + 1, next_at = now() + make_interval(secs => $2) WHERE id = $1',
    [id, seconds],
  );
}

/** Gives up: the same of its alert would fail as well. */
export async function dropResponses(tx: EntityManager, { alertId, act }: DueResponse): Promise<void> {
  await tx.query('DELETE FROM policy_responses WHERE alert_id = $1 AND act = $2', [alertId, act]);
}
