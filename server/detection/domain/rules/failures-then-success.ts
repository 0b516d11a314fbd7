import type { Signal } from '../../../contracts/detection.js';
import { inMinutes } from '../events.js';
import { atHome } from '../familiarity.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';

/** A password that worked after several that didn't, tried from the same address or from places that aren't theirs. */
export function failuresThenSuccess(facts: Facts, policy: Policy): Signal | undefined {
  const { attempt, person, familiarity } = facts;
  const { failuresBefore, forgottenFailures } = policy.rules;
  if (attempt.outcome !== 'success' || person.failuresBefore < failuresBefore.failures) return undefined;
  // One sign-in in six follows some failures of the owner: only what is more than that says something.
  const beyond = Math.max(0, person.failuresBefore - forgottenFailures);
  const { perNat, failuresNats, failuresThenSuccess: least } = policy.score;
  const points = least + perNat * failuresNats * Math.log1p(beyond);
  return {
    kind: 'failures-then-success',
    points: points * (atHome(familiarity) ? failuresBefore.familiarFactor : 1),
    evidence: {
      failures: person.failuresBefore,
      minutes: inMinutes(attempt.occurredAt - person.failuresBeforeSince),
    },
  };
}
