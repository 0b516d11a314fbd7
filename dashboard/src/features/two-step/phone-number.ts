import { callingCodes } from '../../../../server/contracts/calling-codes.js';
import { countryName } from '../../ui/wording.js';

/** Countries with their calling codes, by name, as a list to choose from. */
export const countries = callingCodes
  .map(({ region, code }) => ({ region, code, name: countryName(region) }))
  .sort((a, b) => a.name.localeCompare(b.name, 'en-GB'));

/** The country that the browser's language names, if it names one. */
export function likelyRegion(languages: readonly string[]): string {
  const named = languages.map((language) => new Intl.Locale(language).region);
  return named.find((region) => countries.some((one) => one.region === region)) ?? '';
}

/** Zeros that countries put before a number within them belong to it here (Italy and who dials as it does). */
const keepsZero = new Set(['IT', 'VA', 'SM']);

/** What was typed in international form: with + or 00 it is already, otherwise the country's code replaces the leading 0. */
export function internationalNumber(typed: string, region: string): string {
  const squeezed = typed.replace(/[\s().\/-]/g, '').replace(/^00/, '+');
  const code = callingCodes.find((one) => one.region === region)?.code;
  if (squeezed.startsWith('+') || code === undefined) return squeezed;
  return `${code}${keepsZero.has(region) ? squeezed : squeezed.replace(/^0/, '')}`;
}
