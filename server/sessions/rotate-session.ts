import type { EntityManager } from 'typeorm';
import type { Confinement } from '../contracts/authentication.js';
import { randomToken, sha256 } from '../platform/crypto.js';

/** How long a proof is fresh enough for a sensitive action, in minutes. */
export const FRESH_MINUTES = 15;

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
    'UPDATE sessions SET former_token_hash = token_hash, token_hash = $2 WHERE id = $1 AND ended_at IS NULL',
    [sessionId, sha256(token)],
  );
  return hit === 1 ? token : undefined;
}

/** Keeps a session for this transaction: what is read of the rules afterwards is what a change of them left, or that change waits. */
async function holdSession(tx: EntityManager, sessionId: string): Promise<void> {
  await tx.query('SELECT FROM sessions WHERE id = $1 FOR UPDATE', [sessionId]);
}

/**
 * Gives a live session new assurance and, as its rights change with it, a new token; the former token stands for nothing from now on.
 * A stronger proof that is still fresh stays the one that counts, with its own time: a weaker one neither hides it nor makes it last longer.
 * From when it reaches a higher level it keeps the limits of that one too: a session is never made longer by what it shows.
 * @returns the token for the cookie, or undefined when the session has ended
 */
export async function rotateSession(
  tx: EntityManager,
  sessionId: string,
  assurance: SessionAssurance,
): Promise<string | undefined> {
  const token = randomToken();
  await holdSession(tx, sessionId);
  const [, hit] = await tx.query<[unknown, number]>(
    `UPDATE sessions s SET former_token_hash = s.token_hash, token_hash = $2, aal = $3, amr = $4, proofs = $5, confined_to = $7,
       aal_since = CASE WHEN s.aal < $3 THEN now() ELSE s.aal_since END, idle_limit = least(s.idle_limit, make_interval(mins => l.idle_minutes)),
       expires_at = least(s.expires_at, CASE WHEN s.aal < $3 THEN now() ELSE s.aal_since END + make_interval(mins => l.absolute_minutes)),
       (proved_at, proved_strength) = (SELECT CASE WHEN stronger THEN proved_at ELSE now() END, CASE WHEN stronger THEN proved_strength ELSE $6 END
         FROM (SELECT proved_strength > $6 AND proved_at > now() - make_interval(mins => $8) AS stronger))
     FROM level_rules l WHERE s.id = $1 AND s.ended_at IS NULL AND l.level = $3`,
    [
      sessionId,
      sha256(token),
      assurance.aal,
      assurance.amr,
      assurance.proofs,
      assurance.strength,
      assurance.confinedTo,
      FRESH_MINUTES,
    ],
  );
  return hit === 1 ? token : undefined;
}
