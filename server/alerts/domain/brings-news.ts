import type { AlertEvidence } from '../../contracts/alerts.js';

type Numbers = Pick<AlertEvidence, 'attempts' | 'successes' | 'subjects' | 'addresses'>;

/** By how much an attack must have grown since it was put off, so that more of the same is news. */
const GROWN = 2;

/**
 * Whether evidence tells something that whoever put the alert off didn't know: somebody got in, another account or address, or
 * twice as much of it. A client that goes on failing with its old password is no news.
 * @param heldAttempts how many attempts there were when it was put off
 */
export function bringsNews(before: Numbers, after: Numbers, heldAttempts: number): boolean {
  return (
    after.successes > before.successes ||
    after.subjects > before.subjects ||
    after.addresses > before.addresses ||
    after.attempts >= heldAttempts * GROWN
  );
}
