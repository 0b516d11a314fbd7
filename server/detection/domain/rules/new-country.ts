import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { byRarity, surprise } from '../newness.js';
import type { Policy } from '../policy.js';
import { countryCode, countryNumber } from '../text.js';

/** How many of the usual countries the evidence names. */
const NAMED = 5;

/** A country in which the person never signed in. */
export function newCountry(facts: Facts, policy: Policy): Signal | undefined {
  const { profile, familiarity, population } = facts;
  const { place } = facts.attempt;
  // A history without any place says nothing about countries.
  if (profile === undefined || place === null || familiarity.country > 0 || profile.countries.size === 0)
    return undefined;
  const { newness } = policy;
  const factor = surprise(facts, newness.country, newness.reference.country, profile.newCountries, newness);
  const rarity = byRarity(population.rarityOfCountry(countryNumber(place.country)), newness);
  return {
    kind: 'new-country',
    points: policy.score.newCountry * factor * rarity,
    evidence: { country: place.country, known: profile.countries.strongest(NAMED).map(countryCode) },
  };
}
