import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { DAY, type Policy } from '../policy.js';

/**
 * An account that was in use and then wasn't, used again with a kind of device and on a network that are new to it: nobody would miss
 * it. Long is long for this person, who may sign in twice a year; at home or with the own device it is somebody who is back.
 */
export function dormantAccount({ attempt, profile, familiarity }: Facts, policy: Policy): Signal | undefined {
  if (profile === undefined || !familiarity.stranger || familiarity.client > 0 || familiarity.device > 0)
    return undefined;
  const { historyDays, timesUsual, grades } = policy.score.dormant;
  const gapMs = attempt.occurredAt - profile.lastAt;
  const days = Math.floor(gapMs / DAY);
  const points = grades.findLast(({ fromDays }) => days >= fromDays)?.points;
  if (points === undefined || profile.days < historyDays) return undefined;
  const usualMs = (profile.lastAt - profile.firstAt) / (profile.days - 1);
  return gapMs > timesUsual * usualMs ? { kind: 'dormant-account', points, evidence: { days } } : undefined;
}
