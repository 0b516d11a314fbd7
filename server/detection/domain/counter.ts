import { DAY } from './policy.js';

/** One value in storage: value, times seen, decayed weight in hundredths, day of the last time. All whole numbers. */
export type CounterRow<V> = [V, number, number, number];

/** The weight of one sign-in. */
const ONE = 100;

/**
 * What a person used and how much: at most `bound` values, the weakest forgotten first. Weights halve with time; they
 * are whole numbers so that a stored counter is exactly the one in memory.
 */
export class Counter<V extends string | number> {
  private readonly rows: CounterRow<V>[];

  constructor(rows: CounterRow<V>[] = []) {
    this.rows = rows;
  }

  get size(): number {
    return this.rows.length;
  }

  /** Times a value was seen, 0 when it isn't known (any more). */
  seen(value: V, at: number, halfLifeMs: number, knownFrom: number): number {
    const row = this.find(value);
    return row !== undefined && decayed(row, at, halfLifeMs) >= knownFrom * ONE ? row[1] : 0;
  }

  add(value: V, at: number, halfLifeMs: number, bound: number): void {
    const day = Math.floor(at / DAY);
    const row = this.find(value);
    if (row === undefined) {
      if (this.rows.length >= bound) this.forgetWeakest(at, halfLifeMs);
      this.rows.push([value, 1, ONE, day]);
      return;
    }
    row[1] += 1;
    row[2] = Math.round(decayed(row, at, halfLifeMs)) + ONE;
    if (day > row[3]) row[3] = day;
  }

  /** The strongest values first. */
  strongest(most: number): V[] {
    return [...this.rows]
      .sort((a, b) => b[2] - a[2])
      .slice(0, most)
      .map((row) => row[0]);
  }

  values(): Iterable<V> {
    return this.rows.map((row) => row[0]);
  }

  encode(): CounterRow<V>[] {
    return this.rows.map((row) => [...row]);
  }

  private find(value: V): CounterRow<V> | undefined {
    for (const row of this.rows) if (row[0] === value) return row;
    return undefined;
  }

  private forgetWeakest(at: number, halfLifeMs: number): void {
    let weakest = 0;
    let least = Infinity;
    this.rows.forEach((row, i) => {
      const weight = decayed(row, at, halfLifeMs);
      if (weight < least) [weakest, least] = [i, weight];
    });
    this.rows.splice(weakest, 1);
  }
}

function decayed<V>(row: CounterRow<V>, at: number, halfLifeMs: number): number {
  const ageMs = at - row[3] * DAY;
  return ageMs < DAY ? row[2] : row[2] * 2 ** (-ageMs / halfLifeMs);
}
