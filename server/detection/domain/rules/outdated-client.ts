import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { DAY, type Policy } from '../policy.js';
import { knownClientPoints } from './known-device.js';
import { clientMissing } from './missing.js';

/**
 * An exact client that others have left behind, or the person's own that stayed the same for longer than programs do: a copied
 * user agent doesn't update itself. Where nobody updates, this tells nothing that `known-device` doesn't take off again.
 */
export function outdatedClient(facts: Facts, policy: Policy): Signal | undefined {
  const { attempt, familiarity, profile, population, traits } = facts;
  if (profile === undefined || attempt.userAgent === null || clientMissing(attempt)) return undefined;
  const { outdated, perNat } = policy.score;
  const own = familiarity.agent > 0;
  const today = Math.floor(attempt.occurredAt / DAY);
  const days = own
    ? Math.max(0, today - (profile.agents.lastDay(traits.agent) ?? today))
    : population.daysWithout(traits.agent, attempt.occurredAt);
  const beyond = Math.log((days + 1) / (own ? outdated.ownFreeDays : outdated.freeDays));
  const age = (own ? outdated.ownNats : outdated.nats) * Math.min(outdated.most, Math.max(0, beyond));
  const unchanged = own ? Math.max(0, knownClientPoints(facts, policy) ?? 0) : 0;
  const points = perNat * age + unchanged;
  if (points === 0) return undefined;
  const { os, browser } = attempt.client;
  return { kind: 'outdated-client', points, evidence: { os, browser, days, own } };
}
