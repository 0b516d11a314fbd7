import { DAY } from './policy.js';

/** The weight of one sign-in: weights are whole numbers, so that a stored counter is exactly the one in memory. */
const ONE = 100;

/** Four whole numbers a value: the value itself, times seen, decayed weight, day of the last time. */
const STRIDE = 4;

/**
 * What a person used and how much: at most `bound` values, the weakest forgotten first. Weights halve with time. Values
 * are whole numbers (a network, a hash), all in one flat array: looking something up touches memory once.
 */
export class Counter {
  constructor(private cells: number[] = []) {}

  get size(): number {
    return this.cells.length / STRIDE;
  }

  /** Times a value was seen, 0 when it isn't known (any more). */
  seen(value: number, at: number, halfLifeMs: number, knownFrom: number): number {
    const i = this.find(value);
    return i >= 0 && this.weight(i, at, halfLifeMs) >= knownFrom * ONE ? this.cell(i + 1) : 0;
  }

  add(value: number, at: number, halfLifeMs: number, bound: number): void {
    const { cells } = this;
    const day = Math.floor(at / DAY);
    const i = this.find(value);
    if (i < 0) {
      if (this.size >= bound) this.forgetWeakest(at, halfLifeMs);
      // A literal takes four cells; the first push onto an empty array would reserve twenty.
      if (cells.length === 0) this.cells = [value, 1, ONE, day];
      else cells.push(value, 1, ONE, day);
      return;
    }
    cells[i + 1] = this.cell(i + 1) + 1;
    cells[i + 2] = Math.round(this.weight(i, at, halfLifeMs)) + ONE;
    cells[i + 3] = Math.max(this.cell(i + 3), day);
  }

  /** The strongest values first. */
  strongest(most: number): number[] {
    const starts = this.values().map((_, n) => n * STRIDE);
    starts.sort((a, b) => this.cell(b + 2) - this.cell(a + 2));
    return starts.slice(0, most).map((i) => this.cell(i));
  }

  /** Values that were seen at least so often. */
  seenFrom(least: number): number[] {
    return this.values().filter((_, n) => this.cell(n * STRIDE + 1) >= least);
  }

  /** Every value with the day, UTC, on which it was last seen. */
  lastDays(): [number, number][] {
    return this.values().map((value, n) => [value, this.cell(n * STRIDE + 3)]);
  }

  /** The day, UTC, on which a value was last seen; undefined where it isn't known. */
  lastDay(value: number): number | undefined {
    const i = this.find(value);
    return i < 0 ? undefined : this.cell(i + 3);
  }

  private values(): number[] {
    return this.cells.filter((_, i) => i % STRIDE === 0);
  }

  encode(): number[] {
    return [...this.cells];
  }

  private cell(i: number): number {
    return this.cells[i] as number;
  }

  private find(value: number): number {
    const { cells } = this;
    for (let i = 0; i < cells.length; i += STRIDE) if (cells[i] === value) return i;
    return -1;
  }

  private weight(i: number, at: number, halfLifeMs: number): number {
    const ageMs = at - this.cell(i + 3) * DAY;
    return ageMs < DAY ? this.cell(i + 2) : this.cell(i + 2) * 2 ** (-ageMs / halfLifeMs);
  }

  private forgetWeakest(at: number, halfLifeMs: number): void {
    let weakest = 0;
    let least = Infinity;
    for (let i = 0; i < this.cells.length; i += STRIDE) {
      const weight = this.weight(i, at, halfLifeMs);
      if (weight < least) [weakest, least] = [i, weight];
    }
    this.cells.splice(weakest, STRIDE);
  }
}
