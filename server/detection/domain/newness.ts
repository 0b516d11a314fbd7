import type { Facts } from './facts.js';
import { DAY, HOUR, type NewnessByGap, type NewnessPolicy } from './policy.js';

/** Upper ends of the time gaps of `NewnessByGap`; the last one is open. */
const GAPS_MS = [HOUR, DAY, 7 * DAY, 30 * DAY] as const;

/**
 * How surprising it is that this person brings something new now: 1 at the policy's reference rate, more where it is
 * rarer. The rate among all people at this time gap and length of history is blended with the person's own, so that
 * someone who travels every week is judged as a traveller.
 *
 * @param news how often this person brought a new value of this kind so far
 */
export function surprise(
  facts: Facts,
  rates: NewnessByGap,
  reference: number,
  news: number,
  policy: NewnessPolicy,
): number {
  const { profile, attempt } = facts;
  if (profile === undefined) return 0;
  const gap = Math.abs(attempt.occurredAt - profile.lastAt);
  const bucket = GAPS_MS.findIndex((end) => gap <= end);
  const usual = (rates[bucket] ?? rates[4]) * policy.byHistory[historyBucket(profile.signIns)];
  const own = (news + policy.pseudoCount * usual) / (profile.signIns + policy.pseudoCount);
  return Math.min(policy.most, Math.max(policy.least, Math.log(own) / Math.log(reference)));
}

function historyBucket(signIns: number): 0 | 1 | 2 | 3 {
  if (signIns <= 1) return 0;
  if (signIns <= 3) return 1;
  return signIns <= 11 ? 2 : 3;
}

/** Points move by ± half of the policy's share with the rarity of a value among all people. */
export function byRarity(rarity: number, policy: NewnessPolicy): number {
  return 1 + policy.rarity * (rarity - 0.5);
}
