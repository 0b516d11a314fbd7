import { PASSWORD_MIN } from '../../contracts/authentication.js';

/** Phrases that are long enough and still the first to be tried. Compared without spaces and case. */
const common = new Set([
  'passwordpassword',
  'password12345678',
  '1234567890123456',
  '123456789012345',
  'qwertyuiopasdfgh',
  'qwertyuiopasdfghjkl',
  'correcthorsebatterystaple',
  'administratoradministrator',
  'letmeinletmeinletmein',
  'iloveyouiloveyou',
  'changemechangeme',
  'abcdefghijklmnop',
  'abcdefghijklmnopqrstuvwxyz',
]);

/** Fewest different characters in a password that isn't just a pattern. */
const DISTINCT_MIN = 5;

/**
 * Says what is wrong with a new password, or undefined (SP 800-63B-4 §3.1.1.2: length and a blocklist, no composition rules).
 * @param context words of the account and the organisation, which an attacker tries first
 */
export function passwordWeakness(password: string, context: readonly string[]): string | undefined {
  const plain = password.normalize('NFC');
  if (Array.from(plain).length < PASSWORD_MIN)
    return `Use at least ${PASSWORD_MIN} characters. A few words in a row are fine.`;
  const squeezed = plain.toLowerCase().replace(/\s+/g, '');
  if (common.has(squeezed) || new Set(squeezed).size < DISTINCT_MIN)
    return 'This is one of the first passwords an attacker tries.';
  const remainder = ['gatehouse', ...context]
    .map((word) => word.toLowerCase().replace(/\s+/g, ''))
    .filter((word) => word.length >= 4)
    .reduce((rest, word) => rest.replaceAll(word, ''), squeezed);
  if (remainder.length < PASSWORD_MIN / 2)
    return 'Do not build it from your name, your address, or the name of the organisation.';
  return undefined;
}
