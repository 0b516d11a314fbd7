import type { EnrichedAttempt } from './enriched-attempt.js';
import { learnSignIn } from './judge.js';
import { createMemory } from './memory.js';
import type { Policy } from './policy.js';
import type { Profile } from './profile.js';
import { traitsOf } from './traits.js';

/** A sign-in of one person as it is stored, with what was said about it. */
export interface PastSignIn {
  attempt: EnrichedAttempt;
  /** What it scored when it was judged, 0–100. */
  score: number;
  /** Whether it was the person's own; null where nobody said, or what was said was taken back. */
  genuine: boolean | null;
}

/**
 * The profile that these sign-ins make, oldest first, by the rules by which they were learnt one by one: what somebody said goes
 * before the score. Doing it again gives the same profile, so a lesson that is taken twice teaches once.
 * @returns undefined where nothing of it may be learnt
 */
export function relearn(signIns: readonly PastSignIn[], policy: Policy): Profile | undefined {
  const { learnBelow, provenAfterMs } = policy.profile;
  const memory = createMemory(policy);
  let profile: Profile | undefined;
  for (const { attempt, score, genuine } of signIns) {
    if (!(genuine ?? (score < learnBelow || outlived(attempt)))) continue;
    learnSignIn(attempt, memory, policy);
    profile = memory.profiles.get(attempt.subjectKey);
  }
  return profile;

  function outlived(attempt: EnrichedAttempt): boolean {
    const { network, client } = traitsOf(attempt);
    return profile?.doubts.outlived(network, client, attempt.occurredAt, provenAfterMs) ?? false;
  }
}
