import type { Signal } from '../../../contracts/detection.js';
import type { Facts } from '../facts.js';
import { HOUR, type Policy } from '../policy.js';

/** Several people signed in from a network for the first time within hours: seldom chance, often one attacker. */
export function newcomersTogether(
  { familiarity, event, networkReputation }: Facts,
  policy: Policy,
): Signal | undefined {
  if (networkReputation === undefined || familiarity.network > 0 || familiarity.signIns === 0) return undefined;
  const { reputation, score } = policy;
  const others = networkReputation.together(event.subjectHash, event.at, reputation);
  if (others < reputation.newcomers) return undefined;
  return {
    kind: 'newcomers-together',
    points: score.perNat * score.newcomersNats * Math.log1p(others),
    evidence: { subjects: Math.ceil(others), hours: Math.round(reputation.newcomersMs / HOUR) },
  };
}
