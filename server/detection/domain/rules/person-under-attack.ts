import type { Signal } from '../../../contracts/detection.js';
import { inMinutes } from '../events.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';

/** Several strange addresses fail as this person at the same time; only tries from strange places are made suspicious. */
export function personUnderAttack(facts: Facts, policy: Policy): Signal | undefined {
  const { person, familiarity, attempt } = facts;
  const { failures, addresses } = policy.rules.personAttacked;
  if (!familiarity.stranger || person.attackFailures < failures || person.attackAddresses < addresses) return undefined;
  return {
    kind: 'person-under-attack',
    points: policy.score.personUnderAttack,
    evidence: {
      failures: person.attackFailures,
      addresses: person.attackAddresses,
      minutes: inMinutes(attempt.occurredAt - person.attackSince),
    },
  };
}
