import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { knownNetworkPoints } from './known-network.js';

/** A known network, but an address of it that this person, who seldom changes it, never used. */
export function newAddress(facts: Facts, policy: Policy): Signal | undefined {
  const points = knownNetworkPoints(facts, policy);
  if (points === undefined || points <= 0) return undefined;
  const { asn, organisation } = facts.attempt.network;
  return { kind: 'new-address', points, evidence: { ip: facts.attempt.ip, asn, organisation } };
}
