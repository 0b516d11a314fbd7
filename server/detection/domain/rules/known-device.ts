import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { clientMissing } from './missing.js';

/** The person's own device, by the application's device id, or else by operating system and browser family. */
export function knownDevice(facts: Facts, policy: Policy): Signal | undefined {
  const { device, client } = facts.familiarity;
  if (device > 0) return { kind: 'known-device', points: policy.score.knownDeviceId, evidence: { signIns: device } };
  const points = knownClientPoints(facts, policy);
  if (points === undefined || points > 0) return undefined;
  return { kind: 'known-device', points: Math.max(policy.score.leastDevice, points), evidence: { signIns: client } };
}

/**
 * What a known operating system and browser family say, above zero where the version is the greater surprise; undefined
 * for any other client, and where a device id says more.
 */
export function knownClientPoints({ attempt, familiarity, ladders }: Facts, policy: Policy): number | undefined {
  const { device, client } = familiarity;
  if (ladders === undefined || device > 0 || client === 0 || clientMissing(attempt)) return undefined;
  return policy.score.perNat * (ladders.agent + ladders.lineage + ladders.client + ladders.clientRarity);
}
