import type { NewAttempt } from '../contracts/attempts.js';
import { acceptAttempt, packAttempts } from './domain/packed-attempts.js';

/** A sign-in that is asked about before it happens, packed as recording would pack it. @param atMs milliseconds since 1970 */
export function packUnrecorded(attempt: NewAttempt, by: { id: string; applicationId: string; atMs: number }): string {
  const { id: attemptId, applicationId, atMs } = by;
  return packAttempts([acceptAttempt(attempt, { attemptId, applicationId, occurredAt: atMs, receivedAt: atMs })]);
}
