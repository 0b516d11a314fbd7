import type { DataSource } from 'typeorm';
import { unpackAttempts } from '../../server/attempts/domain/packed-attempts.js';
import type { Assessment } from '../../server/contracts/decisions.js';
import { answerAsked, readAsked } from '../../server/decisions/answer-asked.js';
import { decide } from '../../server/detection/domain/decide.js';
import { loadProfiles } from '../../server/detection/keep-profiles.js';
import type { HeldLane } from '../score-attempts/lane.js';

/** Answered in one go; what their notice holds fits into 8,000 bytes. */
const AT_ONCE = 128;
/** Most that wait here: their callers give up within milliseconds anyway. */
const WAITING_MAX = 2_000;

type Answer = Assessment & { policyVersion: number };

/** Answers what servers ask before a sign-in, as long as this worker holds the lane: only its memory knows the last minutes. */
export class Answers {
  private held: HeldLane | undefined;
  private waiting: string[] = [];
  private busy = false;

  constructor(
    private readonly database: DataSource,
    private readonly onError: (error: unknown) => void,
  ) {}

  hold(held: HeldLane | undefined): void {
    this.held = held;
    this.waiting = [];
  }

  /** Something was asked. */
  hear(ids: readonly string[]): void {
    if (!this.held || this.waiting.length + ids.length > WAITING_MAX) return;
    this.waiting.push(...ids);
    if (!this.busy) void this.work().catch(this.onError);
  }

  private async work(): Promise<void> {
    this.busy = true;
    try {
      while (this.held && this.waiting.length > 0) await this.answer(this.held, this.waiting.splice(0, AT_ONCE));
    } finally {
      this.busy = false;
    }
  }

  private async answer({ lease, tools }: HeldLane, ids: readonly string[]): Promise<void> {
    const asked = await readAsked(this.database, ids);
    const attempts = asked.flatMap(({ attempt }) => unpackAttempts(attempt));
    const people = await tools.subjects.match(attempts);
    const enriched = attempts.map((attempt, index) => tools.enrich.enrich(attempt, people[index] ?? null));
    await loadProfiles(
      this.database,
      tools.memory,
      enriched.map(({ subjectKey }) => subjectKey),
    );
    const answers: Answer[] = enriched.map((attempt) => {
      const { decision, risk } = decide(attempt, tools.memory, tools.policy);
      const { score, level, missing, policyVersion } = risk;
      const reasons = risk.signals.map(({ kind, points }) => ({ kind, points }));
      return { assessmentId: attempt.id, decision, score, level, reasons, missing, policyVersion };
    });
    await answerAsked(this.database, lease, answers);
  }
}
