/**
 * The order in which attempts that arrived together are judged: that of their times, so that a sender's shuffling changes nothing.
 * Those of the same time stay as they were sent, as logs that tell only seconds have them in their order.
 */
export function inTimeOrder<T>(attempts: readonly T[], timeOf: (attempt: T) => number): T[] {
  return attempts.toSorted((a, b) => timeOf(a) - timeOf(b));
}
