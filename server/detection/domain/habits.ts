import { DAY, HOUR } from './policy.js';

const HOURS = 24;

/** Hour of the day, UTC. */
export const hourOf = (at: number): number => Math.floor(at / HOUR) % HOURS;

/** The share of sign-ins within an hour of an hour of the day; `counts` by hour. */
export function aroundHour(counts: readonly number[], hour: number): number {
  const at = (h: number): number => counts[(h + HOURS) % HOURS] ?? 0;
  return at(hour - 1) + at(hour) + at(hour + 1);
}

/**
 * What may be new about a sign-in, on two ladders; a step counts only where the finer one is new. `lineage` lies between `agent` and
 * `client`: no update of a device of the person. It stands last because counts are stored by position.
 */
export const STEPS = ['address', 'prefix', 'network', 'country', 'agent', 'client', 'lineage'] as const;
export type Step = (typeof STEPS)[number];

/** Upper ends of the time since the last sign-in; the last bucket is open. */
const GAPS_MS = [HOUR, DAY, 7 * DAY, 30 * DAY] as const;
/** Upper ends of the days with a sign-in so far; the last bucket is open. */
const HISTORIES = [1, 3, 11] as const;
const CELLS = (GAPS_MS.length + 1) * (HISTORIES.length + 1);

/** Where a person stands: how long since the last sign-in, and on how many days there was one. */
export function cellOf(gapMs: number, days: number): number {
  let gap = 0;
  while (gap < GAPS_MS.length && gapMs > (GAPS_MS[gap] as number)) gap += 1;
  let history = 0;
  while (history < HISTORIES.length && days > (HISTORIES[history] as number)) history += 1;
  return gap * (HISTORIES.length + 1) + history;
}

/** Stored: chances and news of every step and cell, in the order of `STEPS`, then sign-ins by hour of the day. */
export type EncodedHabits = number[];

/**
 * How often the people of this installation bring something new, learnt from their sign-ins. It starts from the rates of
 * the policy, which count as much as `pseudoCount` sign-ins, and becomes what these people do.
 */
export class Habits {
  private cells = new Array<number>(STEPS.length * CELLS * 2).fill(0);
  private hours = new Array<number>(HOURS).fill(0);
  private changed = false;

  /** @param usual the rate that is expected before anything was learnt */
  rate(step: number, cell: number, usual: number, pseudoCount: number): number {
    const i = (step * CELLS + cell) * 2;
    const chances = this.cells[i] as number;
    const news = this.cells[i + 1] as number;
    return (news + pseudoCount * usual) / (chances + pseudoCount);
  }

  learn(step: number, cell: number, isNew: boolean): void {
    const i = (step * CELLS + cell) * 2;
    this.cells[i] = (this.cells[i] as number) + 1;
    if (isNew) this.cells[i + 1] = (this.cells[i + 1] as number) + 1;
    this.changed = true;
  }

  learnHour(hour: number): void {
    this.hours[hour] = (this.hours[hour] ?? 0) + 1;
    this.changed = true;
  }

  /** The share of all sign-ins within an hour of this hour, starting from an even spread. */
  shareAround(hour: number): number {
    const total = this.hours.reduce((sum, n) => sum + n, 0);
    return (aroundHour(this.hours, hour) + 3) / (total + HOURS);
  }

  /** The table to store, or null when nothing was learnt since it was last taken. */
  takeChanged(): EncodedHabits | null {
    if (!this.changed) return null;
    this.changed = false;
    return [...this.cells, ...this.hours];
  }

  /** Takes over a stored table; one of another form is left aside, and the rates of the policy apply again. */
  restore(stored: EncodedHabits): void {
    if (stored.length !== this.cells.length + HOURS) return;
    this.cells = stored.slice(0, -HOURS);
    this.hours = stored.slice(-HOURS);
  }
}
