import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';

/** A network (autonomous system) from which the person never signed in. */
export function newNetwork(facts: Facts, policy: Policy): Signal | undefined {
  const { attempt, event, profile, familiarity, ladders, networkReputation } = facts;
  const { asn, organisation, kind } = attempt.network;
  if (profile === undefined || ladders === undefined || asn === null) return undefined;
  if (familiarity.network > 0 || familiarity.prefix > 0) return undefined;
  // Learnt while no network database was there: everything would be new.
  if (profile.networks.size === 0) return undefined;
  // A known country is part of how usual an unknown network is.
  const country = familiarity.country > 0 ? ladders.country : 0;
  const { address, prefix, network, networkRarity } = ladders;
  const transience = networkReputation?.transience(event.subjectHash, event.at, policy.reputation) ?? 0;
  const source = networkRarity + policy.score.transienceNats * transience;
  return {
    kind: 'new-network',
    points: policy.score.perNat * (address + prefix + network + country + source),
    evidence: { asn, organisation, networkKind: kind },
  };
}
