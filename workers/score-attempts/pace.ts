import type { Clock } from '../../server/platform/clock.js';
import type { Pace } from '../../server/platform/nodes.js';

/** What "a minute" is made of: counts by the second. */
const SECONDS = 60;

/** Of a scored attempt, when it was recorded: milliseconds since 1970. */
type Scored = { accepted: { receivedAt: number } };

/** Counts what this worker scores, for its heartbeat. */
export class ScoringPace {
  private readonly seconds = new Array<number>(SECONDS).fill(0);
  private countedTo = 0;
  private scoredAt: number | null = null;
  private lagMs: number | null = null;

  constructor(private readonly now: Clock) {}

  add(scored: readonly Scored[]): void {
    const first = scored[0];
    if (!first) return;
    const now = this.now();
    this.forgetUntil(now);
    const second = Math.floor(now / 1_000) % SECONDS;
    this.seconds[second] = (this.seconds[second] ?? 0) + scored.length;
    this.scoredAt = now;
    // The first of a batch waited longest.
    this.lagMs = Math.max(0, now - first.accepted.receivedAt);
  }

  read(): Pace {
    this.forgetUntil(this.now());
    return {
      scoredMinute: this.seconds.reduce((sum, one) => sum + one, 0),
      scoredAt: this.scoredAt === null ? null : new Date(this.scoredAt),
      lagMs: this.lagMs,
    };
  }

  /** Seconds that nobody counted in are empty, and a minute ago is over. */
  private forgetUntil(now: number): void {
    const second = Math.floor(now / 1_000);
    for (let past = Math.max(this.countedTo + 1, second - SECONDS + 1); past <= second; past += 1)
      this.seconds[past % SECONDS] = 0;
    this.countedTo = Math.max(this.countedTo, second);
  }
}
