import type { DataSource } from 'typeorm';
import { deleteOverdueChallenges } from './store/passkeys.js';
import { deleteOverdueSignIns } from './store/sign-ins.js';

/** Forgets sign-ins that were never finished and challenges that were never answered: each counts for minutes only. */
export async function sweepSignIns(database: DataSource): Promise<void> {
  await deleteOverdueSignIns(database);
  await deleteOverdueChallenges(database);
}
