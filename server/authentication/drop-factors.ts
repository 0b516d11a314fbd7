import type { EntityManager } from 'typeorm';
import { removeAuthenticators } from './store/authenticators.js';

/** Takes every second factor and all backup codes off an account. @returns what they were called */
export async function dropFactors(tx: EntityManager, personId: string): Promise<string[]> {
  const removed = await removeAuthenticators(tx, personId, null);
  return removed.map(({ kind, name }) => (name === '' ? kind : `${kind}: ${name}`));
}
