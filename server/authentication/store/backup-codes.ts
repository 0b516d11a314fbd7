import type { Queryable } from '../../platform/database/data-source.js';

export async function insertBackupCodes(
  tx: Queryable,
  authenticatorId: string,
  hashes: readonly Buffer[],
): Promise<void> {
  await tx.query('INSERT INTO backup_codes (authenticator_id, hash) SELECT $1, unnest($2::bytea[])', [
    authenticatorId,
    hashes,
  ]);
}

/** Uses up a code. @returns false when there is none such, or it was used; of any number at once one wins */
export async function spendBackupCode(tx: Queryable, authenticatorId: string, hash: Buffer): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>(
    'UPDATE backup_codes SET used_at = now() WHERE authenticator_id = $1 AND hash = $2 AND used_at IS NULL',
    [authenticatorId, hash],
  );
  return hit === 1;
}

/** When the used ones of a set were used, oldest first, and how many are left. */
export async function readBackupCodes(
  database: Queryable,
  authenticatorId: string,
): Promise<{ left: number; usedAt: Date[] }> {
  const rows = await database.query<{ used_at: Date | null }[]>(
    'SELECT used_at FROM backup_codes WHERE authenticator_id = $1 ORDER BY used_at',
    [authenticatorId],
  );
  const usedAt = rows.flatMap((row) => (row.used_at === null ? [] : [row.used_at]));
  return { left: rows.length - usedAt.length, usedAt };
}
