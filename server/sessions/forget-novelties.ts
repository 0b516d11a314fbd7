import type { EntityManager } from 'typeorm';

/** Marks a session as new no more: its person said that the sign-in was theirs. */
export async function forgetNovelties(tx: EntityManager, sessionId: string): Promise<void> {
  await tx.query(`UPDATE sessions SET novelties = '{}' WHERE id = $1`, [sessionId]);
}
