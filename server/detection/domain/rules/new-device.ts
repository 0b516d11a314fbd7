import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { surprise } from '../newness.js';
import type { Policy } from '../policy.js';
import { clientMissing } from './missing.js';

/** An operating system and browser family that the person never used; versions change weekly and say nothing. */
export function newDevice(facts: Facts, policy: Policy): Signal | undefined {
  const { profile, familiarity, attempt } = facts;
  if (profile === undefined || familiarity.client > 0 || familiarity.device > 0) return undefined;
  if (clientMissing(attempt)) return undefined;
  const { newness } = policy;
  const factor = surprise(facts, newness.device, newness.reference.device, profile.newDevices, newness);
  const { os, browser } = attempt.client;
  return { kind: 'new-device', points: policy.score.newDevice * factor, evidence: { os, browser } };
}
