import type { DataSource, EntityManager } from 'typeorm';
import { randomToken, sha256 } from '../platform/crypto.js';
import { notify } from '../platform/database/listener.js';
import { locked } from './store/locked.js';

/** How the lock of a session stands. */
export type SessionLock = {
  /** Minutes without use after which it locks by itself; null where it doesn't. */
  afterMinutes: number | null;
};

/** Locks a session until its person has shown again who it is. Every server cuts its sockets; what has ended stays ended. */
export async function lockSession(database: DataSource, sessionId: string): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query('UPDATE sessions SET locked_at = coalesce(locked_at, now()) WHERE id = $1 AND ended_at IS NULL', [
      sessionId,
    ]);
    await notify(tx, 'session_locked', { sessionId });
  });
}

/**
 * Opens a locked session again, with a new token; the former one stands for nothing from now on. What it has proved stays as old as it is.
 * @returns the token for the cookie; null when another tab was faster, whose token stays; undefined when the session has ended or passed a limit
 */
export async function unlockSession(tx: EntityManager, sessionId: string): Promise<string | null | undefined> {
  const token = randomToken();
  const [, hit] = await tx.query<[unknown, number]>(
    `UPDATE sessions s SET former_token_hash = s.token_hash, token_hash = $2, locked_at = NULL, last_seen_at = now() WHERE id = $1 AND ${open} AND ${locked}`,
    [sessionId, sha256(token)],
  );
  if (hit === 1) return token;
  const unlocked = await tx.query<unknown[]>(`SELECT FROM sessions s WHERE id = $1 AND ${open}`, [sessionId]);
  return unlocked.length === 1 ? null : undefined;
}

const open = 's.ended_at IS NULL AND s.last_seen_at + s.idle_limit > now() AND s.expires_at > now()';

export async function readLock(database: DataSource, sessionId: string): Promise<SessionLock> {
  const [row] = await database.query<SessionLock[]>(
    'SELECT (extract(epoch FROM lock_after) / 60)::float8 AS "afterMinutes" FROM sessions WHERE id = $1',
    [sessionId],
  );
  return row ?? { afterMinutes: null };
}
