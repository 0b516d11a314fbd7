import type { NewAttempt } from '../../contracts/attempts.js';

/**
 * The text that makes an attempt the same as another: the source's id where it gives one, else the whole record. A record
 * always comes out of validation with its fields in schema order; only `attributes` must be sorted.
 */
export function identityOf(applicationId: string, attempt: NewAttempt): string {
  if (attempt.id !== undefined) return `${applicationId}\nid\n${attempt.id}`;
  const attributes =
    attempt.attributes && Object.fromEntries(Object.entries(attempt.attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
  return `${applicationId}\nrecord\n${JSON.stringify({ ...attempt, attributes })}`;
}
