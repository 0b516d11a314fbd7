import type { EntityManager } from 'typeorm';
import type { Queryable } from '../../platform/database/data-source.js';

export type LinkPurpose = 'reset_password' | 'invitation' | 'confirm_address' | 'recover_account' | 'cancel_recovery';
export type LinkRow = { personId: string; addressId: string | null; purpose: LinkPurpose };

const open = 'used_at IS NULL AND expires_at > now()';

/**
 * Whether every mailbox that holds the link is still the person's: a new address must not leave a way in at the old one. What only
 * cancels a recovery keeps working from there, as whoever means harm would take the owner's address away first.
 */
const held = `(purpose = 'cancel_recovery' OR (cardinality(sent_to) > 0 AND NOT EXISTS (
  SELECT FROM unnest(sent_to) AS mailed (key)
  WHERE NOT EXISTS (SELECT FROM person_identifiers i WHERE i.person_id = account_links.person_id AND i.kind = 'email' AND i.value = mailed.key)
    AND NOT EXISTS (SELECT FROM person_addresses a WHERE a.person_id = account_links.person_id AND a.address_key = mailed.key
      AND (a.confirmed_at IS NOT NULL OR a.id = account_links.address_id)))))`;
const columns = 'person_id AS "personId", address_id AS "addressId", purpose';

/** @param link with the keys of the addresses that it is mailed to */
export async function insertLink(
  tx: EntityManager,
  link: LinkRow & { tokenHash: Buffer; lifeSeconds: number; sentTo: readonly string[] },
): Promise<void> {
  await tx.query(
    `INSERT INTO account_links (token_hash, purpose, person_id, address_id, expires_at, sent_to)
     VALUES ($1, $2, $3, $4, now() + make_interval(secs => $5), $6)`,
    [link.tokenHash, link.purpose, link.personId, link.addressId, link.lifeSeconds, link.sentTo],
  );
}

export async function readLink(database: Queryable, tokenHash: Buffer): Promise<LinkRow | undefined> {
  const [row] = await database.query<LinkRow[]>(
    `SELECT ${columns} FROM account_links WHERE token_hash = $1 AND ${open} AND ${held}`,
    [tokenHash],
  );
  return row;
}

/** Uses a link up. The row decides: of any number of tries at once, on any number of servers, one gets it. */
export async function spendLink(tx: EntityManager, tokenHash: Buffer): Promise<LinkRow | undefined> {
  const [rows] = await tx.query<[LinkRow[], number]>(
    `UPDATE account_links SET used_at = now() WHERE token_hash = $1 AND ${open} AND ${held} RETURNING ${columns}`,
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

/**
 * Voids what a change of people leaves in the wrong hands for good, also where the change is taken back.
 * @returns whose invitations were among it
 */
export async function voidOutdatedLinks(
  tx: EntityManager,
  { moved, promoted }: { moved: readonly string[]; promoted: readonly string[] },
): Promise<string[]> {
  const [links] = await tx.query<[LinkRow[], number]>(
    `UPDATE account_links SET used_at = now() WHERE ${open} AND ((person_id = ANY($1) AND NOT ${held})
       OR (person_id = ANY($2) AND purpose IN ('reset_password', 'invitation'))) RETURNING ${columns}`,
    [moved, promoted],
  );
  return links.flatMap(({ personId, purpose }) => (purpose === 'invitation' ? [personId] : []));
}
