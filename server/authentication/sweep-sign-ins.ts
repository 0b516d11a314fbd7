import type { DataSource } from 'typeorm';
import { deleteOverdueChallenges } from './store/passkeys.js';
import { deleteOverdueCodes } from './store/sent-codes.js';
import { deleteOverdueSignIns } from './store/sign-ins.js';

/** Forgets sign-ins that were never finished, challenges that were never answered and codes that were sent: each counts for minutes only. */
export async function sweepSignIns(database: DataSource): Promise<void> {
  await deleteOverdueSignIns(database);
  await deleteOverdueChallenges(database);
  await deleteOverdueCodes(database);
}
