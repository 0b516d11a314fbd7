import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { aroundHour, hourOf } from '../habits.js';
import type { Policy } from '../policy.js';

/** An attacker keeps no hours: the share of a day that three hours are. */
const ATTACKER = 3 / 24;
/** How many sign-ins of everybody a person's own hours are blended with. */
const PSEUDO = 4;

/** Outside the hours of the person, as far as they are known, and of everybody else. */
export function unfamiliarHour({ attempt, profile, population }: Facts, policy: Policy): Signal | undefined {
  if (profile === undefined || profile.signIns < policy.rules.hoursFrom) return undefined;
  const hour = hourOf(attempt.occurredAt);
  const near = aroundHour(profile.hours, hour);
  const own = (near + PSEUDO * population.habits.shareAround(hour)) / (profile.signIns + PSEUDO);
  if (own >= ATTACKER) return undefined;
  return {
    kind: 'unfamiliar-hour',
    points: policy.score.perNat * policy.score.unfamiliarHourNats * Math.log(ATTACKER / own),
    evidence: { hour, signIns: profile.signIns, nearThisHour: near },
  };
}
