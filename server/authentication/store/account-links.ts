import type { EntityManager } from 'typeorm';
import type { Queryable } from '../../platform/database/data-source.js';

export type LinkPurpose = 'reset_password' | 'invitation' | 'confirm_address' | 'recover_account' | 'cancel_recovery';
export type LinkRow = { personId: string; addressId: string | null; purpose: LinkPurpose };

const open = 'used_at IS NULL AND expires_at > now()';
const columns = 'person_id AS "personId", address_id AS "addressId", purpose';

export async function insertLink(
  tx: EntityManager,
  link: LinkRow & { tokenHash: Buffer; lifeSeconds: number },
): Promise<void> {
  await tx.query(
    `INSERT INTO account_links (token_hash, purpose, person_id, address_id, expires_at)
     VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5))`,
    [link.tokenHash, link.purpose, link.personId, link.addressId, link.lifeSeconds],
  );
}

export async function readLink(database: Queryable, tokenHash: Buffer): Promise<LinkRow | undefined> {
  const [row] = await database.query<LinkRow[]>(
    `SELECT ${columns} FROM account_links WHERE token_hash = $1 AND ${open}`,
    [tokenHash],
  );
  return row;
}

/** Uses a link up. The row decides: of any number of tries at once, on any number of servers, one gets it. */
export async function spendLink(tx: EntityManager, tokenHash: Buffer): Promise<LinkRow | undefined> {
  const [rows] = await tx.query<[LinkRow[], number]>(
    `UPDATE account_links SET used_at = now() WHERE token_hash = $1 AND ${open} RETURNING ${columns}`,
    [tokenHash],
  );
  return rows[0];
}

/** Voids what is still open: a new link replaces the old one, and a new password all of them. @returns how many there were */
export async function voidLinks(
  tx: EntityManager,
  personId: string,
  purposes: readonly LinkPurpose[],
): Promise<number> {
  const [, voided] = await tx.query<[unknown, number]>(
    `UPDATE account_links SET used_at = now() WHERE person_id = $1 AND purpose = ANY($2) AND ${open}`,
    [personId, purposes],
  );
  return voided;
}
