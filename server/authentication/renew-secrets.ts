import type { DataSource } from 'typeorm';
import type { Seal } from '../platform/seal.js';
import { numberPlace, totpSecretPlace } from './check-factor.js';
import type { Account } from './find-account.js';
import type { HashPassword } from './hash-password.js';
import { countByKey, listSealedOtherwise, replacePasswordHash, replaceSecret } from './store/former-keys.js';

/** Rows of one sweep: a minute later comes the next. */
const BATCH = 500;

/** Seals anew what was sealed with a former secret, so that this one can be removed. */
export async function renewSeals(database: DataSource, seal: Seal): Promise<void> {
  for (const { id, kind, personId, secret } of await listSealedOtherwise(database, seal.keyId, BATCH)) {
    const place = kind === 'sms' ? numberPlace(personId) : totpSecretPlace(personId);
    await replaceSecret(database, id, { from: secret, to: seal.close(seal.open(secret, place), place) });
  }
}

/** Hashes a password that was just found right anew where a former secret was its pepper: only now is it known in the clear. */
export async function renewPasswordHash(
  database: DataSource,
  passwords: HashPassword,
  account: Account,
  password: string,
): Promise<void> {
  const from = account.passwordHash;
  if (from === null || passwords.isCurrent(from)) return;
  await replacePasswordHash(database, account.id, { from, to: await passwords.hash(password) });
}

/** How much needs certain secrets: passwords, sets of backup codes, and what is sealed: keys of authenticator apps and of the SMS gateway, phone numbers. */
export type SecretUse = { passwords: number; backupCodes: number; sealed: number };

/**
 * Counts what was made with other keys than these.
 * @param names of peppers and of sealing keys
 */
export async function countUseBeyond(database: DataSource, names: ReadonlySet<string>): Promise<SecretUse> {
  const beyond = (await countByKey(database)).filter(({ keyId }) => !names.has(keyId));
  const sum = (of: keyof SecretUse): number => beyond.reduce((total, one) => total + one[of], 0);
  return { passwords: sum('passwords'), backupCodes: sum('backupCodes'), sealed: sum('sealed') };
}
