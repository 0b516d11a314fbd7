import type { Queryable } from '../../platform/database/data-source.js';

export type SentCodeRow = { id: string; hash: Buffer };

/**
 * Keeps a code that is being sent. Those sent before for the same sign-in or session are void.
 * @param boundTo the sign-in or session that alone may use it
 */
export async function insertSentCode(
  tx: Queryable,
  code: { id: string; authenticatorId: string; boundTo: string; hash: Buffer; lifeSeconds: number },
): Promise<void> {
  await tx.query(
    'UPDATE sent_codes SET used_at = now() WHERE authenticator_id = $1 AND bound_to = $2 AND used_at IS NULL',
    [code.authenticatorId, code.boundTo],
  );
  await tx.query(
    `INSERT INTO sent_codes (id, authenticator_id, bound_to, hash, expires_at) VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
    [code.id, code.authenticatorId, code.boundTo, code.hash, code.lifeSeconds],
  );
}

/** The code that counts now, if one was sent and not used. */
export async function readSentCode(
  database: Queryable,
  authenticatorId: string,
  boundTo: string,
): Promise<SentCodeRow | undefined> {
  const [row] = await database.query<SentCodeRow[]>(
    `SELECT id, hash FROM sent_codes WHERE authenticator_id = $1 AND bound_to = $2 AND used_at IS NULL AND expires_at > now()
     ORDER BY sent_at DESC LIMIT 1`,
    [authenticatorId, boundTo],
  );
  return row;
}

/** Uses a code up. @returns false when that was done already; of any number at once one wins */
export async function spendSentCode(tx: Queryable, id: string): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>(
    'UPDATE sent_codes SET used_at = now() WHERE id = $1 AND used_at IS NULL',
    [id],
  );
  return hit === 1;
}

export async function deleteOverdueCodes(database: Queryable): Promise<void> {
  await database.query('DELETE FROM sent_codes WHERE expires_at <= now()');
}
