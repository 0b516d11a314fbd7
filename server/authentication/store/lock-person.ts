import type { Queryable } from '../../platform/database/data-source.js';
import { lockAuthenticators } from './authenticators.js';

/** Keeps what belongs to a person's account as it is until the transaction ends. */
export async function lockPerson(tx: Queryable, personId: string): Promise<void> {
  await tx.query('SELECT FROM people WHERE id = $1 FOR NO KEY UPDATE', [personId]);
}

/**
 * Serialises changes to what one person has bound, so that "the last one" and "the first one" mean the same to all of them. The factors
 * come before the person, as a sign-in takes them: it uses one up before it looks whether its person is the same.
 */
export async function lockFactors(tx: Queryable, personId: string): Promise<void> {
  await lockAuthenticators(tx, personId);
  await lockPerson(tx, personId);
}
