import type { Queryable } from '../platform/database/data-source.js';

/** What a session has proved, how strong the one that counts is, and how long ago that was shown. */
export type SessionProof = { proofs: string[]; strength: number; ageSeconds: number };

export async function readProof(database: Queryable, sessionId: string): Promise<SessionProof | undefined> {
  const [row] = await database.query<SessionProof[]>(
    `SELECT proofs, proved_strength AS strength, extract(epoch FROM now() - proved_at)::float8 AS "ageSeconds" FROM sessions WHERE id = $1`,
    [sessionId],
  );
  return row;
}
