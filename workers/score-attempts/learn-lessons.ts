import type { DataSource } from 'typeorm';
import { signInsOf } from '../../server/attempts/sign-ins-of.js';
import type { DetectionMemory } from '../../server/detection/domain/memory.js';
import type { Policy } from '../../server/detection/domain/policy.js';
import { relearn } from '../../server/detection/domain/relearn.js';
import { stateOf } from '../../server/detection/keep-profiles.js';
import { type Lesson, waitingLessons } from '../../server/detection/keep-lessons.js';
import type { ScoredBatch } from './prepare.js';

/** Lessons taken into one transaction; each may mean reading a person's sign-ins anew. */
const LESSONS_MAX = 20;

/**
 * Makes the profiles anew that something was said about. Nothing may be on its way into the database meanwhile, as what is read
 * there is all that the new profiles know.
 */
export async function learnLessons(
  tools: { database: DataSource; memory: DetectionMemory; policy: Policy },
  lessons: readonly Lesson[],
): Promise<Pick<ScoredBatch, 'lessons' | 'profiles' | 'emptied'>> {
  const learnt: Pick<ScoredBatch, 'lessons' | 'profiles' | 'emptied'> = {
    lessons: [...lessons],
    profiles: [],
    emptied: [],
  };
  for (const subjectKey of new Set(lessons.map(({ personId }) => personId))) {
    const profile = relearn(await signInsOf(tools.database, subjectKey), tools.policy);
    tools.memory.profiles.replace(subjectKey, profile);
    if (profile) learnt.profiles.push(stateOf({ subjectKey, profile }));
    else learnt.emptied.push(subjectKey);
  }
  return learnt;
}

/** What was said since, in the order in which it was said. */
export const lessonsWaiting = (database: DataSource): Promise<Lesson[]> => waitingLessons(database, LESSONS_MAX);
