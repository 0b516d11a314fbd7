import type { Signal } from '../../../contracts/detection.js';
import { inMinutes } from '../events.js';
import { atHome } from '../familiarity.js';
import type { Facts } from '../facts.js';
import type { Policy } from '../policy.js';
import { attackOnOthers } from './source-attacks-many.js';

/** The same address failed again and again; not said twice where it already counts as an attack on many. */
export function sourceFailsRepeatedly(facts: Facts, policy: Policy): Signal | undefined {
  const { address, familiarity, attempt } = facts;
  if (address.failures < policy.rules.sourceFails.failures) return undefined;
  if (familiarity.stranger && attackOnOthers(facts, policy) !== undefined) return undefined;
  const factor = atHome(familiarity) ? policy.rules.failuresBefore.familiarFactor : 1;
  return {
    kind: 'source-fails-repeatedly',
    points: policy.score.sourceFailsRepeatedly * factor,
    evidence: { failures: address.failures, minutes: inMinutes(attempt.occurredAt - address.since) },
  };
}
