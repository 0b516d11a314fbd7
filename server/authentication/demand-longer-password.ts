import type { EntityManager } from 'typeorm';
import { isNeverAlone } from './domain/required-factors.js';
import type { Account } from './find-account.js';
import { demandNewPassword } from './store/passwords.js';

/** Whether the password is too short to do alone, and no second factor is enforced any more. */
export const isTooShort = (account: Account): boolean => account.passwordShort && !isNeverAlone(account);

/**
 * Demands a new password where it {@link isTooShort}: rules and factors change after a password was chosen. Every session of the
 * person is confined to changing it.
 * @param account as it stands now
 */
export async function demandLongerPassword(tx: EntityManager, account: Account): Promise<void> {
  if (isTooShort(account)) await demandNewPassword(tx, account.id);
}
