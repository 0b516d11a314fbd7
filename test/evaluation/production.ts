import type { EnrichedAttempt } from '../../server/detection/domain/enriched-attempt.js';
import { assess, judge, learnSignIn, recall, type Judgement } from '../../server/detection/domain/judge.js';
import { createMemory } from '../../server/detection/domain/memory.js';
import { defaultPolicy } from '../../server/detection/domain/policy.js';

/** Production's domain code with its memory, which here has no database behind it. */
export class Production {
  private readonly memory = createMemory(defaultPolicy, Infinity);
  private spentNs = 0n;
  private judged = 0;

  /** What production knows and does, nothing else. */
  judge(attempt: EnrichedAttempt): Judgement {
    const from = process.hrtime.bigint();
    const judgement = judge(attempt, this.memory, defaultPolicy);
    this.spentNs += process.hrtime.bigint() - from;
    this.judged += 1;
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

  get attemptsPerSecond(): number {
    return this.spentNs === 0n ? 0 : Math.round((this.judged * 1e9) / Number(this.spentNs));
  }
}
