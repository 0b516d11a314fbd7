import type { RecoveryOffer, RecoveryView } from '../contracts/recovery.js';
import type { Queryable } from '../platform/database/data-source.js';
import { coveredAddress } from './domain/covered-address.js';
import { readRecovery, readRecoveryTerms, type RecoveryRow } from './store/recoveries.js';

export const toRecoveryView = ({ startedAt, readyAt, linkExpiresAt, addresses }: RecoveryRow): RecoveryView => ({
  startedAt: startedAt.toISOString(),
  readyAt: readyAt.toISOString(),
  linkExpiresAt: linkExpiresAt?.toISOString() ?? null,
  addresses: addresses.map(coveredAddress),
});

/** The recovery of a person that is under way. */
export async function describeRecovery(database: Queryable, personId: string): Promise<RecoveryView | null> {
  const open = await readRecovery(database, personId);
  return open ? toRecoveryView(open) : null;
}

/** What a person may do who can't show a second factor. */
export async function recoveryOffer(database: Queryable, personId: string): Promise<RecoveryOffer> {
  const [terms, open] = await Promise.all([
    readRecoveryTerms(database, personId),
    describeRecovery(database, personId),
  ]);
  return { hours: terms.passwordIsMailed ? null : terms.hours, open };
}
