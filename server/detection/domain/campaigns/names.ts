import type { StuffingPolicy } from '../policy.js';
import { UNKNOWN_SUBJECT } from '../events.js';
import type { SourceTally } from '../tallies.js';
import type { Case } from './kind.js';

/** Real and unknown names in one list: it was leaked elsewhere. Only unknown ones: somebody guesses names. */
export function mixedNames({ facts }: Case, tally: SourceTally, policy: StuffingPolicy): boolean {
  const persons = tally.others + 1;
  const unknown = tally.othersUnknown + (facts.event.flags & UNKNOWN_SUBJECT ? 1 : 0);
  return unknown >= policy.unknownShare * persons && unknown <= policy.guessedShare * persons;
}
