import type { PoolClient } from 'pg';
import type { Client } from '../../contracts/detection.js';
import type { Queryable } from '../../platform/database/data-source.js';
import { type RevokedSession, revokedReasons } from '../domain/revoked-use.js';

export type RevokedRow = Client & {
  id: string;
  reason: RevokedSession['reason'];
  endedAt: Date;
  /** By the clock of the database, as all times of sessions are. */
  now: Date;
  /** Where it was opened, and where it was used last. */
  openedIp: string;
  lastIp: string;
};
const columns = `s.id, s.end_reason AS reason, s.ended_at AS "endedAt", now() AS now, host(s.ip) AS "openedIp", host(coalesce(s.seen_ip, s.ip)) AS "lastIp",
  s.device, s.os, s.browser`;

/** The revoked session that a token stood for; undefined where it ended otherwise, or its use was noted before. */
export async function readUnnoted(database: Queryable, tokenHash: Buffer): Promise<RevokedRow | undefined> {
  const [row] = await database.query<RevokedRow[]>(
    `SELECT ${columns} FROM sessions s WHERE s.token_hash = $1 AND s.end_reason = ANY($2)
       AND NOT EXISTS (SELECT FROM revoked_uses WHERE session_id = s.id)`,
    [tokenHash, revokedReasons],
  );
  return row;
}

/** One row a session: of any number of uses the first counts. */
export async function insertRevokedUse(
  database: Queryable,
  use: { sessionId: string; ip: string; userAgent: string | null },
): Promise<void> {
  await database.query(
    'INSERT INTO revoked_uses (session_id, ip, user_agent) VALUES ($1, $2, $3) ON CONFLICT (session_id) DO NOTHING',
    [use.sessionId, use.ip, use.userAgent],
  );
}

export type WaitingUse = RevokedRow & {
  personId: string;
  lastSeenAt: Date;
  usedAt: Date;
  usedIp: string;
  userAgent: string | null;
  /** The attempt that opened the session, if it is still kept. */
  attemptId: string | null;
};

/** Uses that no alert was raised for yet, oldest first. */
export async function readWaitingUses(database: Queryable, limit: number): Promise<WaitingUse[]> {
  return database.query(
    `SELECT ${columns}, s.person_id AS "personId", s.last_seen_at AS "lastSeenAt", u.used_at AS "usedAt", host(u.ip) AS "usedIp", u.user_agent AS "userAgent",
       (SELECT t.id FROM attempts t WHERE t.person_id = s.person_id AND t.session_id = s.id::text
          AND t.occurred_at BETWEEN s.started_at - interval '1 minute' AND s.started_at + interval '1 minute' LIMIT 1) AS "attemptId"
     FROM revoked_uses u JOIN sessions s ON s.id = u.session_id WHERE u.raised_at IS NULL ORDER BY u.used_at LIMIT $1`,
    [limit],
  );
}

/** In the transaction that raises their alerts. */
export async function settleRevokedUses(client: PoolClient, sessionIds: readonly string[]): Promise<void> {
  if (sessionIds.length === 0) return;
  await client.query('UPDATE revoked_uses SET raised_at = now() WHERE session_id = ANY($1::uuid[])', [sessionIds]);
}
