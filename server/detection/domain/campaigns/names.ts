import type { StuffingPolicy } from '../policy.js';
import { UNKNOWN_SUBJECT } from '../events.js';
import type { SourceTally } from '../tallies.js';
import type { Case } from './kind.js';

/** Which share of the names tried nobody has. */
export function unknownShare({ facts }: Case, tally: SourceTally): number {
  const unknown = tally.othersUnknown + (facts.event.flags & UNKNOWN_SUBJECT ? 1 : 0);
  return unknown / (tally.others + 1);
}

/** Real and unknown names in one list: it was leaked elsewhere. Only unknown ones: somebody guesses names. */
export function mixedNames(c: Case, tally: SourceTally, policy: StuffingPolicy): boolean {
  const share = unknownShare(c, tally);
  return share >= policy.unknownShare && share <= policy.guessedShare;
}
