import type { Signal } from '../../../contracts/detection.js';
import { inMinutes } from '../events.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import type { SourceTally } from '../tallies.js';

/** The wider of the two views on what the source does to others: its neighbourhood, or its network under a spray. */
export function attackOnOthers(facts: Facts, policy: Policy): SourceTally | undefined {
  const { prefix, networkUnderSpray: network } = facts;
  const widest = network !== null && network.others > prefix.others ? network : prefix;
  return widest.others >= policy.rules.sourceAttacks.others ? widest : undefined;
}

/** The same source failed as several other people who aren't at home there. */
export function sourceAttacksMany(facts: Facts, policy: Policy): Signal | undefined {
  const attack = attackOnOthers(facts, policy);
  // Someone at home in a shared office must not pay for a colleague's mistakes.
  if (attack === undefined || !facts.familiarity.stranger) return undefined;
  return {
    kind: 'source-attacks-many',
    points: policy.score.perNat * policy.score.sourceAttacksManyNats * Math.log1p(attack.others),
    evidence: {
      subjects: attack.others,
      failures: attack.tries,
      minutes: inMinutes(facts.attempt.occurredAt - attack.since),
    },
  };
}
