import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { byUse } from './by-use.js';
import { clientMissing } from './missing.js';

/** The person's own device, by the application's device id, or else by operating system and browser family. */
export function knownDevice(facts: Facts, policy: Policy): Signal | undefined {
  const { device, client } = facts.familiarity;
  if (device > 0) return { kind: 'known-device', points: policy.score.knownDeviceId, evidence: { signIns: device } };
  if (client === 0 || clientMissing(facts.attempt)) return undefined;
  return { kind: 'known-device', points: byUse(policy.score.knownDevice, client), evidence: { signIns: client } };
}
