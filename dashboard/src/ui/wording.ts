import { withoutDirectionSigns } from '../../../server/contracts/direction-signs.js';

/** Numbers, spans and lists in words. One formatter each: making one costs more than using it a thousand times. */
const LANGUAGE = 'en-GB';

/** What is said where an address is cut short. */
export const WHOLE_ADDRESS = 'Type a whole e-mail address, such as ana@example.com.';

const wholeFormat = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });
const listFormat = new Intl.ListFormat(LANGUAGE, { type: 'conjunction' });
const choiceFormat = new Intl.ListFormat(LANGUAGE, { type: 'disjunction' });
const regionFormat = new Intl.DisplayNames(LANGUAGE, { type: 'region', fallback: 'code' });
const pluralRules = new Intl.PluralRules(LANGUAGE);

/** Words whose plural is not made with `s`. */
const plurals: Record<string, string> = { address: 'addresses', country: 'countries', person: 'people' };

/** A whole number with thousands separators. */
export const whole = (value: number): string => wholeFormat.format(value);

/** A number with its noun, e.g. `1 address`, `1,040 people`. */
export function count(value: number, noun: string): string {
  const one = pluralRules.select(value) === 'one';
  return `${whole(value)} ${one ? noun : (plurals[noun] ?? `${noun}s`)}`;
}

/** `Lisbon, Porto or Faro`. */
export const choice = (values: readonly string[]): string => choiceFormat.format(values);

/** `Lisbon, Porto and Faro`. */
export const list = (values: readonly string[]): string => listFormat.format(values);

/** The name of a country by its two letters; the letters themselves where there is no name. */
export function countryName(code: string): string {
  return /^[A-Z]{2}$/.test(code) ? (regionFormat.of(code) ?? code) : code;
}

/** A measure never breaks between its number and its unit. */
const measure = (value: number, unit: string): string => `${whole(Math.round(value))}\u00a0${unit}`;

/** A distance in whole kilometres. */
export const kilometres = (value: number): string => measure(value, 'km');

const units = ['kB', 'MB', 'GB', 'TB'];
const oneDigit = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 1 });

/** An amount of storage, e.g. `640 kB`, `1.2 GB`. */
export function bytes(value: number): string {
  const step = Math.max(1, Math.min(units.length, Math.floor(Math.log10(Math.max(1, value)) / 3)));
  return `${oneDigit.format(value / 1000 ** step)}\u00a0${units[step - 1] ?? ''}`;
}

/** A span of minutes in the largest unit that keeps it readable: `40 s`, `12 min`, `3 h`, `2 days`. */
export function span(minutes: number): string {
  if (minutes < 1) return measure(Math.max(1, minutes * 60), 's');
  if (minutes < 120) return measure(minutes, 'min');
  if (minutes < 48 * 60) return measure(minutes / 60, 'h');
  return measure(minutes / 1440, 'days');
}

/** The time between two instants, in words. */
export const between = (from: string | number, to: string | number): string =>
  span(Math.max(0, (new Date(to).getTime() - new Date(from).getTime()) / 60_000));

/** Text from outside as part of a sentence: it keeps its own direction and can't change that of what follows. */
export const isolate = (text: string): string => `\u2068${withoutDirectionSigns(text)}\u2069`;
