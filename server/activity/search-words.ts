import { nameCountry } from '../platform/name-country.js';
import type { SoughtWord } from './store/read-activity.js';

/** More words than that find nothing that fewer would not. */
const WORDS_MAX = 8;

/** The words of a search. A country is written by its name, and kept as a code. */
export const soughtWords = (search: string): SoughtWord[] =>
  search
    .split(/\s+/)
    .filter((word) => word !== '')
    .slice(0, WORDS_MAX)
    .map((word) => ({ pattern: `%${word.replace(/[\\%_]/g, '\\$&')}%`, countries: countriesOf(word).join(',') }));

const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
/** Every country that has a name. */
const countries = letters
  .flatMap((first) => letters.map((second) => first + second))
  .map((code) => ({ code, name: nameCountry(code).toLowerCase() }))
  .filter(({ code, name }) => name !== code.toLowerCase());

/** Country by its name. A single letter is part of nearly all. */
function countriesOf(word: string): string[] {
  const part = word.toLowerCase();
  return part.length < 2 ? [] : countries.flatMap(({ code, name }) => (name.includes(part) ? [code] : []));
}
