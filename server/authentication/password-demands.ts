import type { Queryable } from '../platform/database/data-source.js';
import { readPasswordRules } from '../policies/password-rules.js';
import { lengthOf } from './domain/password-rules.js';
import { isNeverAlone } from './domain/required-factors.js';
import { findAccountById } from './find-account.js';
import type { PasswordAccount } from './store/passwords.js';

/** What a new password of this account is held to; the list of leaked ones comes on top. */
export async function demandsOn(
  database: Queryable,
  account: PasswordAccount,
): Promise<{ minimum: number; words: string[] }> {
  const { name, email, username, organisation } = account;
  const own = [name, ...name.split(/\s+/), email, email.split('@')[0] ?? '', username ?? '', organisation];
  const { passwordMinimum, passwordMinimumTwoStep, blockedWords } = await readPasswordRules(database);
  const neverAlone = isNeverAlone(await findAccountById(database, account.id));
  return {
    minimum: neverAlone ? passwordMinimumTwoStep : passwordMinimum,
    words: [...new Set([...own, ...blockedWords])].filter((word) => word !== ''),
  };
}

/** Whether a password is good only as long as a second factor is enforced. */
export async function isShort(database: Queryable, password: string): Promise<boolean> {
  return lengthOf(password) < (await readPasswordRules(database)).passwordMinimum;
}
