import { dictionary } from '@zxcvbn-ts/language-common';
import type { Plugin } from 'vite';

/** The list of leaked passwords as the package lays it out. */
const LIST = /@zxcvbn-ts\/language-common\/dist\/passwords\.json\.mjs$/;
/** So many of the list, most used first, and all that are at least so long: those a new password could be. */
const FIRST = 5_000;
const LONG = 10;

/**
 * Leaves out most of the leaked passwords from what browsers load: 26 KiB of 196. The meter only says how hard guessing is; the server
 * knows the whole list and refuses what is on it.
 */
export function fewerGuessedPasswords(): Plugin {
  let met = false;
  return {
    name: 'fewer-guessed-passwords',
    apply: 'build',
    transform: (_code, id) => {
      if (!LIST.test(id)) return undefined;
      met = true;
      const kept = dictionary['passwords-common'].filter((word, rank) => rank < FIRST || word.length >= LONG);
      return { code: `export default ${JSON.stringify(kept.join('\n'))}.split('\\n');`, map: null };
    },
    buildEnd(error) {
      if (!error && !met)
        this.error('@zxcvbn-ts/language-common keeps its passwords elsewhere: see guessed-passwords.ts.');
    },
  };
}
