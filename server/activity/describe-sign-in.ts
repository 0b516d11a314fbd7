import type { Novelty } from '../contracts/activity.js';
import type { Circumstances } from '../contracts/notifications.js';
import type { Queryable } from '../platform/database/data-source.js';
import { toNovelties } from './activity-view.js';
import { circumstancesThen } from './circumstances-then.js';
import { readOwnAttempt } from './store/read-activity.js';

/** A sign-in in words ready for print, and what about it was new for its person. */
export type DescribedSignIn = { circumstances: Circumstances; application: string; novelties: Novelty[] };

/** Describes a sign-in of a person to others. @returns undefined for what is no attempt of theirs, or no longer kept */
export async function describeSignIn(
  database: Queryable,
  personId: string,
  attemptId: string,
): Promise<DescribedSignIn | undefined> {
  const attempt = await readOwnAttempt(database, personId, attemptId);
  return (
    attempt && {
      circumstances: circumstancesThen(attempt),
      application: attempt.application_name,
      novelties: toNovelties(attempt.signals),
    }
  );
}
