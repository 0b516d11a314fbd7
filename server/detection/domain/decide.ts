import type { Decision } from '../../contracts/decisions.js';
import type { Risk } from '../../contracts/detection.js';
import { bruteForceSource } from './campaigns/brute-force-source.js';
import { credentialStuffing } from './campaigns/credential-stuffing.js';
import { spray } from './campaigns/spray.js';
import { userEnumeration } from './campaigns/user-enumeration.js';
import type { EnrichedAttempt } from './enriched-attempt.js';
import { assess, isOwnersPlace } from './judge.js';
import type { DetectionMemory } from './memory.js';
import type { Policy } from './policy.js';

/**
 * What a sign-in would score if it succeeded now, and what to do with it. Leaves no trace in memory.
 * @param standing `throttled`: sign-ins from this source are refused; where the person is at home, they are asked for more instead.
 * `challenged`: the next sign-in of this person needs a second factor
 */
export function decide(
  attempt: EnrichedAttempt,
  memory: DetectionMemory,
  policy: Policy,
  { throttled, challenged }: { throttled: boolean; challenged: boolean } = { throttled: false, challenged: false },
): { decision: Decision; risk: Risk } {
  const { risk } = assess({ ...attempt, outcome: 'success' }, memory, policy);
  if (throttled) return { decision: isOwnersPlace(attempt, memory, policy) ? 'challenge' : 'deny', risk };
  const { challengeFrom, denyFrom } = policy.decisions;
  const isAllowed = policy.allowed.find(attempt) !== null;
  if (risk.score >= denyFrom && !isAllowed && sourceAttacks(attempt, memory)) return { decision: 'deny', risk };
  return { decision: challenged || risk.score >= challengeFrom ? 'challenge' : 'allow', risk };
}

/** Only the source counts: where it is the person who is attacked, refusing would let the attacker lock the owner out. */
function sourceAttacks({ addressKey, prefixKey, occurredAt }: EnrichedAttempt, { live }: DetectionMemory): boolean {
  return (
    live.ledger.find(bruteForceSource, addressKey, occurredAt) !== undefined ||
    [spray, credentialStuffing, userEnumeration].some(
      (kind) => live.ledger.find(kind, prefixKey, occurredAt) !== undefined,
    )
  );
}
