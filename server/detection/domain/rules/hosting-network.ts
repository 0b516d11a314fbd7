import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';

/** A data centre, VPN or Tor, unless this person signs in through it anyway. */
export function hostingNetwork(facts: Facts, policy: Policy): Signal | undefined {
  const { kind, organisation } = facts.attempt.network;
  const points = policy.score.networkKind[kind];
  if (points === undefined || facts.familiarity.network > 0) return undefined;
  return { kind: 'hosting-network', points, evidence: { networkKind: kind, organisation } };
}
