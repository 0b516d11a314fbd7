import type { EntityManager } from 'typeorm';
import type { Queryable } from '../../platform/database/data-source.js';

export type AddressRow = { id: string; address: string; addedAt: Date; confirmedAt: Date | null; notices: boolean };
const columns = 'id, address, added_at AS "addedAt", confirmed_at AS "confirmedAt", receives_notices AS notices';

/** The further addresses, oldest first. */
export function readAddresses(database: Queryable, personId: string): Promise<AddressRow[]> {
  return database.query(`SELECT ${columns} FROM person_addresses WHERE person_id = $1 ORDER BY added_at, id`, [
    personId,
  ]);
}

/** One of them, which nobody else changes until the transaction ends. */
export async function lockAddress(tx: EntityManager, personId: string, id: string): Promise<AddressRow | undefined> {
  const [row] = await tx.query<AddressRow[]>(
    `SELECT ${columns} FROM person_addresses WHERE person_id = $1 AND id = $2 FOR UPDATE`,
    [personId, id],
  );
  return row;
}

/** @returns whether it was new to this person */
export async function insertAddress(
  tx: EntityManager,
  row: { id: string; personId: string; address: string; addressKey: string },
): Promise<boolean> {
  const added = await tx.query<unknown[]>(
    `INSERT INTO person_addresses (id, person_id, address, address_key) VALUES ($1, $2, $3, $4)
     ON CONFLICT (person_id, address_key) DO NOTHING RETURNING id`,
    [row.id, row.personId, row.address, row.addressKey],
  );
  return added.length > 0;
}

/** Confirms it, unless it is somebody's already: as a main address, or as a further one that they confirmed. @returns whether it was */
export async function confirmAddress(tx: EntityManager, personId: string, id: string): Promise<boolean> {
  const [, confirmed] = await tx.query<[unknown, number]>(
    `UPDATE person_addresses a SET confirmed_at = now() WHERE a.id = $2 AND a.person_id = $1 AND a.confirmed_at IS NULL
       AND NOT EXISTS (SELECT FROM person_identifiers i WHERE i.kind = 'email' AND i.value = a.address_key)
       AND NOT EXISTS (SELECT FROM person_addresses o WHERE o.address_key = a.address_key AND o.confirmed_at IS NOT NULL)`,
    [personId, id],
  );
  return confirmed === 1;
}

export async function setNotices(tx: EntityManager, id: string, notices: boolean): Promise<void> {
  await tx.query('UPDATE person_addresses SET receives_notices = $2 WHERE id = $1', [id, notices]);
}

export async function deleteAddress(tx: EntityManager, id: string): Promise<void> {
  await tx.query('DELETE FROM person_addresses WHERE id = $1', [id]);
}
