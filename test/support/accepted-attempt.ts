import { newAttempt } from '../../server/contracts/attempts.js';
import { type AcceptedAttempt, acceptAttempt } from '../../server/attempts/domain/packed-attempts.js';
import { uuidAt } from '../../server/platform/clock.js';
import { anAttempt } from './gatehouse.js';

/** An attempt as it waits in the inbox, for what no call of the API would let in. */
export function acceptedAttempt(applicationId: string, overrides: Partial<AcceptedAttempt> = {}): AcceptedAttempt {
  const occurredAt = Date.now();
  const ids = { attemptId: uuidAt(occurredAt), applicationId, occurredAt, receivedAt: occurredAt };
  return { ...acceptAttempt(newAttempt.parse(anAttempt()), ids), ...overrides };
}
