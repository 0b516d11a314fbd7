import { PASSWORD_MIN } from '../contracts/authentication.js';
import type { PasswordAccount } from './store/passwords.js';

/** What a new password of this account is held to; the list of leaked ones comes on top. */
export function demandsOn(account: PasswordAccount): { minimum: number; words: string[] } {
  const { name, email, username, organisation } = account;
  const words = [name, ...name.split(/\s+/), email, email.split('@')[0] ?? '', username ?? '', organisation];
  return { minimum: PASSWORD_MIN, words: [...new Set(words)].filter((word) => word !== '') };
}
