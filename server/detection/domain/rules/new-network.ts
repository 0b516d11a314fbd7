import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { byRarity, surprise } from '../newness.js';
import type { Policy } from '../policy.js';

/** A network (autonomous system) from which the person never signed in. */
export function newNetwork(facts: Facts, policy: Policy): Signal | undefined {
  const { profile, familiarity, population } = facts;
  const { asn, organisation, kind } = facts.attempt.network;
  if (profile === undefined || asn === null || familiarity.network > 0 || familiarity.prefix > 0) return undefined;
  // Learnt while no network database was there: everything would be new.
  if (profile.networks.size === 0) return undefined;
  const { newness } = policy;
  const factor = surprise(facts, newness.network, newness.reference.network, profile.newNetworks, newness);
  const rarity = byRarity(population.rarityOfNetwork(asn), newness);
  return {
    kind: 'new-network',
    points: policy.score.newNetwork * factor * rarity,
    evidence: { asn, organisation, networkKind: kind },
  };
}
