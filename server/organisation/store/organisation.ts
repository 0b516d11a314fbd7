import type { Logo, OrganisationChange, OrganisationView } from '../../contracts/organisation.js';
import type { Queryable } from '../../platform/database/data-source.js';
import type { Picture } from '../domain/picture.js';

type Row = { name: string; timeZone: string; hash: string | null; width: number; height: number };

export const logoUrl = (hash: string): string => `/api/v1/organisation/logo/${hash}`;

export async function readOrganisation(database: Queryable): Promise<OrganisationView> {
  const [row] = await database.query<Row[]>(
    `SELECT i.organisation AS name, i.time_zone AS "timeZone", l.hash, l.width, l.height FROM installation i LEFT JOIN organisation_logo l ON true`,
  );
  if (!row) throw new Error('The installation row is missing.');
  const { name, timeZone, hash, width, height } = row;
  return { name, timeZone, logo: hash === null ? null : { url: logoUrl(hash), width, height } };
}

/** Makes changes one after the other. */
export async function lockOrganisation(tx: Queryable): Promise<void> {
  await tx.query('SELECT FROM installation FOR UPDATE');
}

export async function writeOrganisation(tx: Queryable, { name, timeZone }: OrganisationChange): Promise<void> {
  await tx.query('UPDATE installation SET organisation = $1, time_zone = $2', [name, timeZone]);
}

export async function writeLogo(tx: Queryable, hash: string, picture: Picture): Promise<Logo> {
  const { type, width, height, bytes } = picture;
  await tx.query(
    `INSERT INTO organisation_logo (hash, type, width, height, bytes) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET hash = excluded.hash, type = excluded.type, width = excluded.width, height = excluded.height, bytes = excluded.bytes`,
    [hash, type, width, height, Buffer.from(bytes)],
  );
  return { url: logoUrl(hash), width, height };
}

/** @returns the hash of what was removed, null where there was none */
export async function deleteLogo(tx: Queryable): Promise<string | null> {
  const [rows] = await tx.query<[{ hash: string }[], number]>('DELETE FROM organisation_logo RETURNING hash');
  return rows[0]?.hash ?? null;
}

export type StoredLogo = { type: Picture['type']; bytes: Buffer };

export async function readLogo(database: Queryable, hash: string): Promise<StoredLogo | undefined> {
  const [row] = await database.query<StoredLogo[]>('SELECT type, bytes FROM organisation_logo WHERE hash = $1', [hash]);
  return row;
}
