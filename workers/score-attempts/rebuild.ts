import type { DataSource } from 'typeorm';
import type { DetectionMemory } from '../../server/detection/domain/memory.js';
import { recall } from '../../server/detection/domain/judge.js';
import type { Policy } from '../../server/detection/domain/policy.js';
import { loadProfiles, recallPopulation } from '../../server/detection/keep-profiles.js';
import { recentAttempts } from '../../server/attempts/recent-attempts.js';

/** How far back windows reach, in hours of arrival. */
const REACH_HOURS = 24;
/** Most attempts gone through again; the newest ones count. At 100,000 a second this is the longest part of a takeover. */
const ATTEMPTS_MAX = 200_000;

/** Fills windows and campaigns again from what is stored, as the former holder's memory is gone. Teaches no profile twice. */
export async function rebuildMemory(database: DataSource, memory: DetectionMemory, policy: Policy): Promise<number> {
  await recallPopulation(database, memory);
  let count = 0;
  for await (const attempts of recentAttempts(database, REACH_HOURS, ATTEMPTS_MAX)) {
    await loadProfiles(
      database,
      memory,
      attempts.map((attempt) => attempt.subjectKey),
    );
    for (const attempt of attempts) recall(attempt, memory, policy);
    count += attempts.length;
  }
  memory.profiles.takeDirty();
  return count;
}
