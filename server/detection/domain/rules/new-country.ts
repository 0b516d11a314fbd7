import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { countryCode } from '../text.js';

/** How many of the usual countries the evidence names. */
const NAMED = 5;

/** A country in which the person never signed in. */
export function newCountry(facts: Facts, policy: Policy): Signal | undefined {
  const { attempt, event, profile, familiarity, ladders, visitReputation } = facts;
  const { place } = attempt;
  // A history without any place says nothing about countries.
  if (profile === undefined || ladders === undefined || place === null) return undefined;
  if (familiarity.country > 0 || profile.countries.size === 0) return undefined;
  // Others who came there once with the same kind of client, while nobody is at home there with it.
  const visitors = visitReputation?.transience(event.subjectHash, event.at, policy.reputation) ?? 0;
  const source = ladders.countryRarity + policy.score.visitorsNats * visitors;
  return {
    kind: 'new-country',
    points: policy.score.perNat * (ladders.country + source),
    evidence: { country: place.country, known: profile.countries.strongest(NAMED).map(countryCode) },
  };
}
