import type { RiskLevel } from '../../contracts/detection.js';
import { ROLL_UP_BAR_S, ROLL_UP_S, type Distinct } from '../../contracts/live.js';

/** Bars that a roll-up looks back over. */
const BARS = ROLL_UP_S / ROLL_UP_BAR_S;
/** Bars of the last minute. */
const MINUTE_BARS = 60 / ROLL_UP_BAR_S;

/** The bar in which an instant (milliseconds since 1970) lies. */
export const barOf = (at: number): number => Math.floor(at / (ROLL_UP_BAR_S * 1_000));

/** Whether a bar lies in the window that ends with another one. */
const within = (bar: number, now: number): boolean => bar > now - BARS;

/** An exact count over the last ten minutes, in a ring of bars; with the worst risk of that time. Time never runs backwards. */
export class RollingCount {
  total = 0;
  lastAt = 0;
  private readonly bars = new Uint32Array(BARS);
  private newest = 0;
  private worst: { score: number; level: RiskLevel; bar: number } | null = null;

  add(at: number, risk: { score: number; level: RiskLevel }): void {
    const bar = barOf(at);
    this.advance(bar);
    this.bars[bar % BARS] = this.at(bar) + 1;
    this.total += 1;
    this.lastAt = at;
    const { worst } = this;
    if (!worst || risk.score >= worst.score || !within(worst.bar, bar))
      this.worst = { score: risk.score, level: risk.level, bar };
  }

  /** Forgets what is older than ten minutes. @param bar the one that is being counted */
  advance(bar: number): void {
    if (bar <= this.newest) return;
    for (let old = Math.max(this.newest + 1, bar - BARS + 1); old <= bar; old += 1) {
      this.total -= this.at(old);
      this.bars[old % BARS] = 0;
    }
    this.newest = bar;
  }

  get risk(): { score: number; level: RiskLevel } {
    return { score: this.worst?.score ?? 0, level: this.worst?.level ?? 'low' };
  }

  /** The bars of the last minute, oldest first. */
  minute(): number[] {
    return Array.from({ length: MINUTE_BARS }, (_, index) => this.at(this.newest - MINUTE_BARS + 1 + index));
  }

  /** Attempts a second over the last bar that is whole. */
  get perSecond(): number {
    return this.at(this.newest - 1) / ROLL_UP_BAR_S;
  }

  private at(bar: number): number {
    return this.bars[bar % BARS] ?? 0;
  }
}

/** How many different values came during the last ten minutes, told apart up to a bound. */
export class RollingDistinct {
  private readonly lastSeen = new Map<string, number>();
  private fullAt = -Infinity;

  constructor(private readonly bound: number) {}

  add(value: string, bar: number): void {
    if (this.lastSeen.size >= this.bound && !this.lastSeen.has(value)) this.fullAt = bar;
    else this.lastSeen.set(value, bar);
  }

  /** @param bar the one that is being counted */
  read(bar: number): Distinct {
    for (const [value, seen] of this.lastSeen) if (!within(seen, bar)) this.lastSeen.delete(value);
    return { count: this.lastSeen.size, atLeast: within(this.fullAt, bar) };
  }
}
