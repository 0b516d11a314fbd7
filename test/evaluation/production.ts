import type { EnrichedAttempt } from '../../server/detection/domain/enriched-attempt.js';
import { assess, judge, learnSignIn, recall, type Judgement } from '../../server/detection/domain/judge.js';
import { createMemory } from '../../server/detection/domain/memory.js';
import { defaultPolicy } from '../../server/detection/domain/policy.js';

/** Production's domain code with its memory, which here has no database behind it. */
export class Production {
  private readonly memory = createMemory(defaultPolicy, Infinity);
  /** What production knows and does, nothing else. */
  judge(attempt: EnrichedAttempt): Judgement {
    const judgement = judge(attempt, this.memory, defaultPolicy);
    this.memory.profiles.takeDirty();
    return judgement;
  }

  /** With an oracle that says which sign-ins may be learnt. */
  judgeWithOracle(attempt: EnrichedAttempt, genuine: boolean): Judgement {
    const judgement = recall(attempt, this.memory, defaultPolicy);
    if (genuine && attempt.outcome === 'success') learnSignIn(attempt, this.memory, defaultPolicy);
    this.memory.profiles.takeDirty();
    return judgement;
  }

  /** A sign-in that never happened: its score leaves no trace. */
  assess(attempt: EnrichedAttempt): number {
    return assess(attempt, this.memory, defaultPolicy).suspicion;
  }

  /** Sign-ins that are learnt of a person, 0 without history. */
  historyOf(subjectKey: string): number {
    return this.memory.profiles.get(subjectKey)?.signIns ?? 0;
  }
}

/** What judging costs. */
export interface Speed {
  attemptsPerSecond: number;
  /** Of all threads of the process, those that collect garbage among them. */
  cpuMicrosPerAttempt: number;
}

/** Judges everything once more in one go, so that nothing but the domain code is measured. */
export function speedOf(attempts: readonly EnrichedAttempt[]): Speed {
  const production = new Production();
  const [before, from] = [process.cpuUsage(), performance.now()];
  for (const attempt of attempts) production.judge(attempt);
  const seconds = (performance.now() - from) / 1000;
  const { user, system } = process.cpuUsage(before);
  const count = Math.max(1, attempts.length);
  return {
    attemptsPerSecond: Math.round(count / seconds),
    cpuMicrosPerAttempt: Math.round(((user + system) / count) * 10) / 10,
  };
}
