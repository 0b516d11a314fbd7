import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { knownClientPoints } from './known-device.js';

/** A known kind of device, but another one than the person's, or a version that this person, who seldom changes it, never used. */
export function newVersion(facts: Facts, policy: Policy): Signal | undefined {
  const points = knownClientPoints(facts, policy);
  // The same version again, after longer than versions last, is no new one: see `outdatedClient`.
  if (points === undefined || points <= 0 || facts.familiarity.agent > 0) return undefined;
  const { os, browser } = facts.attempt.client;
  const another = !facts.familiarity.update;
  return { kind: 'new-version', points, evidence: { os, browser, another } };
}
