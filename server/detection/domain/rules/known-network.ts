import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { byUse } from './by-use.js';

/** A network, or at least a neighbourhood, from which the person signed in before. */
export function knownNetwork(facts: Facts, policy: Policy): Signal | undefined {
  const signIns = Math.max(facts.familiarity.network, facts.familiarity.prefix);
  if (signIns === 0) return undefined;
  return { kind: 'known-network', points: byUse(policy.score.knownNetwork, signIns), evidence: { signIns } };
}
