import type { Queryable } from '../platform/database/data-source.js';
import type { Place, Seal } from '../platform/seal.js';
import { readTarget, replaceSeals, type TargetRow, wipeFormerSecret } from './store/target.js';

/** Where the secret that signs lies, and the one before it. */
export const secretPlace: Place = { table: 'webhook', column: 'sealed', owner: '1', purpose: 'webhook' };
export const formerPlace: Place = { ...secretPlace, column: 'former_sealed' };

/** Secrets that messages are signed with now: the present one first. @throws SealError */
export const openSecrets = (seal: Seal, { sealed, formerSealed }: TargetRow): string[] => [
  seal.open(sealed, secretPlace),
  ...(formerSealed === null ? [] : [seal.open(formerSealed, formerPlace)]),
];

/** Housekeeping: a former secret whose time is over goes, and what a former root secret sealed is sealed anew. */
export async function renewWebhookSeals(database: Queryable, seal: Seal): Promise<void> {
  await wipeFormerSecret(database);
  const row = await readTarget(database);
  const stale = (sealed: string | null | undefined): boolean =>
    typeof sealed === 'string' && sealed.split('|')[1] !== seal.keyId;
  if (!row || (!stale(row.sealed) && !stale(row.formerSealed))) return;
  await replaceSeals(database, row, {
    sealed: seal.close(seal.open(row.sealed, secretPlace), secretPlace),
    formerSealed: row.formerSealed === null ? null : seal.close(seal.open(row.formerSealed, formerPlace), formerPlace),
  });
}
