import type { EntityManager } from 'typeorm';
import { Refusal } from '../platform/errors.js';
import { readProof } from '../sessions/read-proof.js';
import { rotateSession } from '../sessions/rotate-session.js';
import { type Proof, strengthOf, strongest } from './domain/assurance.js';
import type { Account } from './find-account.js';
import { sessionAssurance } from './open-session.js';
import { confirmMailedPassword } from './store/passwords.js';

/**
 * Adds a proof to a session, which gets a new token with it.
 * @param account as it stands in this transaction
 * @returns the token for the cookie
 * @throws Refusal `session_ended` when the session was ended meanwhile
 */
export async function raiseSession(
  tx: EntityManager,
  sessionId: string,
  account: Account,
  proof: Proof,
  nowMs: number,
): Promise<string> {
  const before = await readProof(tx, sessionId);
  const proved = [...((before?.proofs ?? []) as Proof[]), proof];
  if (proved.includes('password') && strongest(proved) > 0) await confirmMailedPassword(tx, account.id);
  const token = await rotateSession(tx, sessionId, sessionAssurance(account, proved, strengthOf(proof), nowMs));
  if (token === undefined) throw new Refusal('session_ended');
  return token;
}
