import type { Queryable } from '../../platform/database/data-source.js';

/** Serialises changes to what one person has bound, so that "the last one" and "the first one" mean the same to all of them. */
export async function lockPerson(tx: Queryable, personId: string): Promise<void> {
  await tx.query('SELECT FROM people WHERE id = $1 FOR NO KEY UPDATE', [personId]);
}
