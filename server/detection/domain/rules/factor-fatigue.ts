import type { Signal } from '../../../contracts/detection.js';
import { inMinutes } from '../events.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';

/** The person was asked to approve again and again and didn't: whoever asks knows the password. */
export function factorFatigue(facts: Facts, policy: Policy): Signal | undefined {
  const refused = facts.person.slowRefusals;
  if (refused < policy.rules.fatigue.refusals) return undefined;
  const { perNat, refusalsNats, refusalsMost } = policy.score;
  return {
    kind: 'factor-fatigue',
    points: Math.min(refusalsMost, perNat * refusalsNats * Math.log1p(refused)),
    evidence: { challenges: refused, minutes: inMinutes(facts.attempt.occurredAt - facts.person.refusalsSince) },
  };
}
