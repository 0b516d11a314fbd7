import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { clientMissing } from './missing.js';

/** An operating system and browser family that the person never used; versions change weekly and say nothing. */
export function newDevice({ attempt, familiarity, ladders }: Facts, policy: Policy): Signal | undefined {
  if (ladders === undefined || familiarity.client > 0 || familiarity.device > 0) return undefined;
  if (clientMissing(attempt)) return undefined;
  const { os, browser } = attempt.client;
  return {
    kind: 'new-device',
    points: policy.score.perNat * (ladders.agent + ladders.lineage + ladders.client + ladders.bothNew),
    evidence: { os, browser },
  };
}
