/** What evidence lists at most. */
const LISTED = 10;
/** Names kept with their own count. Later ones only count as distinct, unless they got in. */
const NAMED = 500;
/** Distinct values are counted exactly up to here. */
export const DISTINCT_MAX = 65_536;

/** One name on a roll. `marked` names are listed first. */
export interface RollEntry<D> {
  value: string;
  count: number;
  marked: boolean;
  detail: D;
}

/**
 * Who took part in a campaign: distinct values, counted exactly to 65,536, and the ten busiest of the first 500 named
 * (and of all marked ones), kept in order as they grow. At most about 1.5 MB for the largest campaign.
 */
export class Roll<D> {
  private readonly seen = new Set<number>();
  private readonly named = new Map<number, RollEntry<D>>();
  private readonly top: RollEntry<D>[] = [];

  get distinct(): number {
    return this.seen.size;
  }

  /** Entries held, for the memory budget. */
  get weight(): number {
    return this.seen.size + this.named.size;
  }

  has(hash: number): boolean {
    return this.seen.has(hash);
  }

  add(hash: number, value: string, marked: boolean, detail: D): void {
    if (this.seen.size < DISTINCT_MAX) this.seen.add(hash);
    let entry = this.named.get(hash);
    if (entry === undefined) {
      if (this.named.size >= NAMED && !(marked && this.named.size < 2 * NAMED)) return;
      entry = { value, count: 0, marked: false, detail };
      this.named.set(hash, entry);
    }
    entry.count += 1;
    entry.marked ||= marked;
    this.rank(entry);
  }

  busiest(): readonly RollEntry<D>[] {
    return this.top;
  }

  private rank(entry: RollEntry<D>): void {
    const { top } = this;
    let i = top.indexOf(entry);
    if (i === -1) {
      const last = top[LISTED - 1];
      if (last !== undefined && !before(entry, last)) return;
      if (last === undefined) top.push(entry);
      i = Math.min(top.length, LISTED) - 1;
    }
    for (; i > 0; i--) {
      const above = top[i - 1];
      if (above === undefined || !before(entry, above)) break;
      top[i] = above;
    }
    top[i] = entry;
  }
}

function before<D>(a: RollEntry<D>, b: RollEntry<D>): boolean {
  return a.marked === b.marked ? a.count > b.count : a.marked;
}
