import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { countryCode } from '../text.js';

/** How many of the usual countries the evidence names. */
const NAMED = 5;

/** A country in which the person never signed in. */
export function newCountry({ attempt, profile, familiarity, ladders }: Facts, policy: Policy): Signal | undefined {
  const { place } = attempt;
  // A history without any place says nothing about countries.
  if (profile === undefined || ladders === undefined || place === null) return undefined;
  if (familiarity.country > 0 || profile.countries.size === 0) return undefined;
  return {
    kind: 'new-country',
    points: policy.score.perNat * (ladders.country + ladders.countryRarity),
    evidence: { country: place.country, known: profile.countries.strongest(NAMED).map(countryCode) },
  };
}
