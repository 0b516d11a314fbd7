import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';

/** A network, or at least a neighbourhood, from which the person signed in before. */
export function knownNetwork(facts: Facts, policy: Policy): Signal | undefined {
  const points = knownNetworkPoints(facts, policy);
  if (points === undefined || points > 0) return undefined;
  const { network, prefix, address } = facts.familiarity;
  const signIns = Math.max(network, prefix, address);
  return { kind: 'known-network', points: Math.max(policy.score.leastLocation, points), evidence: { signIns } };
}

/** What a known network says, above zero where its address is the greater surprise; undefined on any other network. */
export function knownNetworkPoints({ familiarity, ladders }: Facts, policy: Policy): number | undefined {
  const { network, prefix, address } = familiarity;
  if (ladders === undefined || (network === 0 && prefix === 0 && address === 0)) return undefined;
  return policy.score.perNat * (ladders.address + ladders.prefix + ladders.network);
}
