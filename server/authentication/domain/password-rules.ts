/** Phrases that are long enough and still the first to be tried. Compared without spaces and case. */
const phrases = new Set([
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
/** A word of the account counts from this length on: shorter ones are part of everything. */
const WORD_MIN = 4;

export type PasswordDemands = {
  /** Fewest characters, counted as code points after NFC. */
  minimum: number;
  /** Words of the account and the organisation, which an attacker tries first. */
  words: readonly string[];
  /** Whether it is on the list of leaked passwords. */
  isCommon: (password: string) => boolean;
};

/** Characters of a password, as the rules count them. */
export const lengthOf = (password: string): number => Array.from(password.normalize('NFC')).length;

/**
 * Says what is wrong with a new password, or undefined (SP 800-63B-4 §3.1.1.2: length and a blocklist, no composition rules).
 */
export function passwordWeakness(password: string, demands: PasswordDemands): string | undefined {
  const plain = password.normalize('NFC');
  if (lengthOf(plain) < demands.minimum)
    return `Use at least ${demands.minimum} characters. A few words in a row are fine.`;
  const squeezed = plain.toLowerCase().replace(/\s+/g, '');
  if (demands.isCommon(plain) || demands.isCommon(squeezed) || phrases.has(squeezed))
    return 'This password has leaked: it is one of the first that an attacker tries.';
  if (new Set(squeezed).size < DISTINCT_MIN) return 'This is a pattern, and one of the first that an attacker tries.';
  const remainder = ['gatehouse', ...demands.words]
    .map((word) => word.toLowerCase().replace(/\s+/g, ''))
    .filter((word) => word.length >= WORD_MIN)
    .reduce((rest, word) => rest.replaceAll(word, ''), squeezed);
  if (remainder.length < demands.minimum / 2)
    return 'Do not build it from your name, your address, or the name of the organisation.';
  return undefined;
}
