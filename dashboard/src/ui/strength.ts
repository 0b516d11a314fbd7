import { ZxcvbnFactory } from '@zxcvbn-ts/core';
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common';
import { translations } from '@zxcvbn-ts/language-en';

/** How hard a password is to guess: 0 at once, 4 not within the reach of anyone; and what would make it harder, if anything. */
export type Strength = { score: number; advice: string };

// The most used leaked passwords (dashboard/guessed-passwords.ts), keyboards and 7,776 common words; the whole English dictionary would be
// a megabyte more to load.
const checker = new ZxcvbnFactory({
  translations: {
    ...translations,
    warnings: { ...translations.warnings, userInputs: 'Your name or address is in it.' },
  },
  graphs: adjacencyGraphs,
  dictionary,
});

/** @param words names and addresses of the account, which guessers try first */
export function strengthOf(password: string, words: readonly string[]): Strength {
  const parts = words.flatMap((word) => [word, ...word.split(/[\s@._+-]+/)]).filter((part) => part !== '');
  const { score, feedback } = checker.check(password, parts);
  return { score, advice: [feedback.warning, feedback.suggestions[0]].filter(Boolean).join(' ') };
}
