import type { EntityManager } from 'typeorm';
import type { Queryable } from '../../platform/database/data-source.js';

export type PasswordAccount = {
  id: string;
  name: string;
  email: string;
  username: string | null;
  passwordHash: string | null;
  changedAt: Date | null;
  disabled: boolean;
  organisation: string;
};

export async function readPasswordAccount(database: Queryable, personId: string): Promise<PasswordAccount | undefined> {
  const [row] = await database.query<PasswordAccount[]>(
    `SELECT p.id, p.name, p.email, p.username, p.password_hash AS "passwordHash", p.password_changed_at AS "changedAt",
       p.disabled_at IS NOT NULL AS disabled, i.organisation
     FROM people p, installation i WHERE p.id = $1`,
    [personId],
  );
  return row;
}

/** A password that somebody chose. */
export type NewPassword = {
  hash: string;
  /** It has fewer characters than one that opens an account alone. */
  short: boolean;
};

/**
 * Sets a password, and with it fulfils any demand for a new one.
 * @param former the hash that was checked before: of two changes at once only one may win; undefined when none was
 * @returns whether it was set
 */
export async function storePassword(
  tx: EntityManager,
  personId: string,
  { hash, short }: NewPassword,
  former?: string | null,
): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>(
    `UPDATE people SET password_hash = $2, password_changed_at = now(), password_change_required_at = NULL, password_mailed_at = NULL, password_short = $5
     WHERE id = $1 AND disabled_at IS NULL AND ($3::boolean OR password_hash IS NOT DISTINCT FROM $4)`,
    [personId, hash, former === undefined, former ?? null, short],
  );
  return hit === 1;
}

/** Notes that a mailed link alone set the password of an account that has a second factor. */
export async function markMailedPassword(tx: EntityManager, personId: string): Promise<void> {
  await tx.query('UPDATE people SET password_mailed_at = now() WHERE id = $1', [personId]);
}

/** A second factor was shown together with the password: it is its owner's, whoever reads the mail. */
export async function confirmMailedPassword(tx: EntityManager, personId: string): Promise<void> {
  await tx.query('UPDATE people SET password_mailed_at = NULL WHERE id = $1 AND password_mailed_at IS NOT NULL', [
    personId,
  ]);
}

/** Every session of the person is confined until another password is set. @returns false where one is demanded already */
export async function demandNewPassword(tx: EntityManager, personId: string): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>(
    'UPDATE people SET password_change_required_at = now() WHERE id = $1 AND password_change_required_at IS NULL',
    [personId],
  );
  return hit === 1;
}
