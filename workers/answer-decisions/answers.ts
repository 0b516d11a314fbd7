import type { DataSource } from 'typeorm';
import { unpackAttempts } from '../../server/attempts/domain/packed-attempts.js';
import type { Assessment } from '../../server/contracts/decisions.js';
import { answerAsked, readAsked } from '../../server/decisions/answer-asked.js';
import { decide } from '../../server/detection/domain/decide.js';
import type { ChallengedPeople } from '../../server/authentication/challenged-people.js';
import type { ThrottledSources } from '../../server/incidents/throttled-sources.js';
import { loadProfiles } from '../../server/detection/keep-profiles.js';
import type { Notices } from '../../server/platform/database/listener.js';
import type { HeldLane } from '../score-attempts/lane.js';

/** Answered in one go. */
const AT_ONCE = 128;
/** Most that wait here: their callers give up within milliseconds anyway. */
const WAITING_MAX = 2_000;

type Asked = Notices['decision_asked']['asked'][number];
type Answer = Assessment & { policyVersion: number };

/** Answers what servers ask before a sign-in, as long as this worker holds the lane: only its memory knows the last minutes. */
export class Answers {
  private held: HeldLane | undefined;
  private waiting: Asked[] = [];
  private busy = false;

  constructor(
    private readonly database: DataSource,
    private readonly throttled: ThrottledSources,
    private readonly challenged: ChallengedPeople,
    private readonly onError: (error: unknown) => void,
  ) {}

  hold(held: HeldLane | undefined): void {
    this.held = held;
    this.waiting = [];
  }

  /** Something was asked. */
  hear(asked: readonly Asked[]): void {
    if (!this.held || this.waiting.length + asked.length > WAITING_MAX) return;
    this.waiting.push(...asked);
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

  private async answer({ lease, tools }: HeldLane, asked: readonly Asked[]): Promise<void> {
    const unread = asked.filter(({ attempt }) => attempt === null).map(({ id }) => id);
    const packed = unread.length > 0 ? await readAsked(this.database, unread) : [];
    for (const { attempt } of asked) if (attempt !== null) packed.push(attempt);
    const attempts = packed.flatMap(unpackAttempts);
    const people = await tools.subjects.match(attempts);
    const enriched = attempts.map((attempt, index) => tools.enrich.enrich(attempt, people[index] ?? null));
    await loadProfiles(
      this.database,
      tools.memory,
      enriched.map(({ subjectKey }) => subjectKey),
    );
    const answers: Answer[] = enriched.map((attempt, index) => {
      const throttled = this.throttled.has(attempt.addressKey);
      const challenged = this.challenged.has(people[index]?.id);
      const { decision, risk } = decide(attempt, tools.memory, tools.policy, { throttled, challenged });
      const { score, level, missing, policyVersion } = risk;
      const reasons: Answer['reasons'] = risk.signals.map(({ kind, points }) => ({ kind, points }));
      if (throttled) reasons.push({ kind: 'throttled-source', points: 0 });
      if (challenged) reasons.push({ kind: 'challenged-person', points: 0 });
      return { assessmentId: attempt.id, decision, score, level, reasons, missing, policyVersion };
    });
    await answerAsked(this.database, lease, answers);
  }
}
