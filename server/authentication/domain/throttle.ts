/** SP 800-63B-4 §3.2.2: after this many wrong tries in a row an authenticator is dead and must be bound again. */
export const FAILURES_MAX = 100;
/** Wrong tries in a row that cost nothing: people mistype, and codes run out while they are typed. */
const FREE_FAILURES = 4;
const DELAY_MIN_SECONDS = 30;
const DELAY_MAX_SECONDS = 3_600;

/** Seconds to wait after so many wrong tries in a row: none at first, then from 30 s, doubled each time, to an hour. */
export function delayAfter(failures: number): number {
  if (failures <= FREE_FAILURES) return 0;
  return Math.min(DELAY_MAX_SECONDS, DELAY_MIN_SECONDS * 2 ** (failures - FREE_FAILURES - 1));
}

/** {@link delayAfter} for 1 to {@link FAILURES_MAX} failures, for a statement that counts and delays in one. */
export const delays: readonly number[] = Array.from({ length: FAILURES_MAX }, (_, index) => delayAfter(index + 1));
