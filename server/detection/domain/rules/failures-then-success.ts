import type { Signal } from '../../../contracts/detection.js';
import { inMinutes } from '../events.js';
import { atHome } from '../familiarity.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';

/** A password that worked after several that didn't, tried from the same address or from places that aren't theirs. */
export function failuresThenSuccess(facts: Facts, policy: Policy): Signal | undefined {
  const { attempt, person, familiarity } = facts;
  const { failures, familiarFactor } = policy.rules.failuresBefore;
  if (attempt.outcome !== 'success' || person.failuresBefore < failures) return undefined;
  return {
    kind: 'failures-then-success',
    points: policy.score.failuresThenSuccess * (atHome(familiarity) ? familiarFactor : 1),
    evidence: {
      failures: person.failuresBefore,
      minutes: inMinutes(attempt.occurredAt - person.failuresBeforeSince),
    },
  };
}
