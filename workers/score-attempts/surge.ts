import {
  SURGE_AFTER_S,
  SURGE_FROM_PER_SECOND,
  SURGE_OVER_AFTER_S,
  type SurgeFrame,
} from '../../server/contracts/live.js';
import { RollUp } from '../../server/attempts/domain/roll-up.js';
import type { LivePublisher } from '../../server/platform/live-bus.js';
import { rooms } from '../../server/platform/live-rooms.js';
import type { ScoredBatch } from './prepare.js';

const SECOND_MS = 1_000;
/** Seconds over which the rate is taken: attempts come in bursts. */
const RATE_S = 4;

/**
 * Rolls up what was scored, and sends it once a second while more arrives than anybody reads. Everybody who watches sees the same
 * roll-up, from before they came; a new holder of the lane begins a new one.
 */
export class Surge {
  private readonly rollUp = new RollUp();
  /** Attempts of this second, and of those before it. */
  private count = 0;
  private lately: number[] = [];
  /** Seconds at a stretch in which more, or not more, arrived than can be read. */
  private fast = 0;
  private slow = 0;
  /** When it began, in milliseconds; undefined while there is none. */
  private since: number | undefined;
  private readonly timer: NodeJS.Timeout;

  constructor(
    private readonly publisher: LivePublisher,
    private readonly now: () => number,
  ) {
    this.timer = setInterval(() => this.tick(), SECOND_MS);
  }

  add(scored: Readonly<ScoredBatch['scored']>): void {
    const at = this.now();
    this.count += scored.length;
    for (const { accepted, enriched, risk, person } of scored) {
      const { outcome, ip, network } = enriched;
      this.rollUp.add({ outcome, ip, network, subject: accepted.subject, person, ...risk }, at);
    }
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private tick(): void {
    const isFast = this.count > SURGE_FROM_PER_SECOND;
    this.lately = [...this.lately, this.count].slice(-RATE_S);
    this.count = 0;
    this.fast = isFast ? this.fast + 1 : 0;
    this.slow = isFast ? 0 : this.slow + 1;
    if (this.since === undefined) {
      if (this.fast >= SURGE_AFTER_S) this.since = this.now() - SURGE_AFTER_S * SECOND_MS;
      else this.rollUp.forget(this.now());
    }
    if (this.since !== undefined) this.send(this.since);
  }

  private send(since: number): void {
    const over = this.slow >= SURGE_OVER_AFTER_S;
    if (over) this.since = undefined;
    const frame: SurgeFrame = {
      sentAt: new Date(this.now()).toISOString(),
      since: new Date(since).toISOString(),
      perSecond: Math.round(this.lately.reduce((sum, each) => sum + each, 0) / this.lately.length),
      ...this.rollUp.read(this.now()),
      over,
    };
    this.publisher.emit(rooms.watchers, 'attempts.surged', frame);
  }
}
