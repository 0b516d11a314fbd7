import type { EntityManager } from 'typeorm';
import type { Confinement } from '../contracts/authentication.js';
import { randomToken, sha256 } from '../platform/crypto.js';

/** What a session has proved, and how strong the newest of it is. */
export type SessionAssurance = {
  aal: 1 | 2;
  amr: readonly string[];
  /** Names of everything proved, in the sign-in and since. */
  proofs: readonly string[];
  /** 0 the password, 1 a code that was sent, 2 a device in hand. */
  strength: number;
  /** The one thing this session may do, as long as something is to be done first. */
  confinedTo: Confinement | null;
};

/**
 * Gives a live session a new token and leaves the rest as it is.
 * @returns the token for the cookie, or undefined when the session has ended
 */
export async function renewToken(tx: EntityManager, sessionId: string): Promise<string | undefined> {
  const token = randomToken();
  const [, hit] = await tx.query<[unknown, number]>(
    'UPDATE sessions SET token_hash = $2 WHERE id = $1 AND ended_at IS NULL',
    [sessionId, sha256(token)],
  );
  return hit === 1 ? token : undefined;
}

/**
 * Gives a live session new assurance and, as its rights change with it, a new token; the former token stands for nothing from now on.
 * @returns the token for the cookie, or undefined when the session has ended
 */
export async function rotateSession(
  tx: EntityManager,
  sessionId: string,
  assurance: SessionAssurance,
): Promise<string | undefined> {
  const token = randomToken();
  const [, hit] = await tx.query<[unknown, number]>(
    `UPDATE sessions SET token_hash = $2, aal = $3, amr = $4, proofs = $5, proved_at = now(), proved_strength = $6, confined_to = $7
     WHERE id = $1 AND ended_at IS NULL`,
    [
      sessionId,
      sha256(token),
      assurance.aal,
      assurance.amr,
      assurance.proofs,
      assurance.strength,
      assurance.confinedTo,
    ],
  );
  return hit === 1 ? token : undefined;
}
