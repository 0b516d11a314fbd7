import type { Outcome } from '../api/types.js';

/** Width of one bar of the rate strip, in milliseconds. */
export const BUCKET_MS = 5_000;
/** Bars in the strip: the last ten minutes. */
export const BUCKETS = 120;

/** What one bar needs: exact counts, or `known: false` where nobody was listening. */
export type Bar = { startsAt: number; known: boolean; failed: number; other: number; critical: number };
export type OutcomeCounts = Record<Outcome, number> & { total: number };

type Bucket = { slot: number; known: boolean; counts: Record<Outcome, number>; critical: number };

/** Spelt out here: importing the contract's list would bring its validator into the page. */
const outcomes = ['success', 'failure', 'challenge', 'blocked'] as const satisfies readonly Outcome[];

const emptyCounts = (): Record<Outcome, number> => ({ success: 0, failure: 0, challenge: 0, blocked: 0 });
const emptyBucket = (slot: number): Bucket => ({ slot, known: false, counts: emptyCounts(), critical: 0 });

/**
 * Exact counts of the last ten minutes in bars of five seconds. What the server left out of the rows is in here all
 * the same. A stretch during which the page was not connected is "not known", never zero.
 */
export class RateWindow {
  readonly #buckets: Bucket[] = Array.from({ length: BUCKETS }, () => emptyBucket(-1));

  /** Adds counts at an instant (milliseconds since the epoch). Late ones go into their own bar if it is still held. */
  add(at: number, counts: Record<Outcome, number>, critical: number): void {
    const bucket = this.#bucket(Math.floor(at / BUCKET_MS));
    if (!bucket) return;
    bucket.known = true;
    bucket.critical += critical;
    for (const outcome of outcomes) bucket.counts[outcome] += counts[outcome];
  }

  /** Says that everything between the two instants has been counted, so that an empty bar means zero. */
  markKnown(from: number, to: number): void {
    const last = Math.floor(to / BUCKET_MS);
    for (let slot = Math.max(Math.floor(from / BUCKET_MS), last - BUCKETS + 1); slot <= last; slot += 1) {
      const bucket = this.#bucket(slot);
      if (bucket) bucket.known = true;
    }
  }

  /** The bars that end at `now`, oldest first. */
  bars(now: number): Bar[] {
    const last = Math.floor(now / BUCKET_MS);
    return Array.from({ length: BUCKETS }, (_, index) => {
      const slot = last - BUCKETS + 1 + index;
      const bucket = this.#buckets[slot % BUCKETS];
      const startsAt = slot * BUCKET_MS;
      if (!bucket || bucket.slot !== slot) return { startsAt, known: false, failed: 0, other: 0, critical: 0 };
      return { startsAt, known: bucket.known, ...split(bucket) };
    });
  }

  /** Exact counts over the window that ends at `now`. */
  totals(now: number): OutcomeCounts {
    const first = Math.floor(now / BUCKET_MS) - BUCKETS + 1;
    const totals = { ...emptyCounts(), total: 0 };
    for (const bucket of this.#buckets) {
      if (bucket.slot < first) continue;
      for (const outcome of outcomes) {
        totals[outcome] += bucket.counts[outcome];
        totals.total += bucket.counts[outcome];
      }
    }
    return totals;
  }

  #bucket(slot: number): Bucket | null {
    const index = slot % BUCKETS;
    const held = this.#buckets[index];
    if (!held || held.slot > slot) return null;
    if (held.slot === slot) return held;
    const fresh = emptyBucket(slot);
    this.#buckets[index] = fresh;
    return fresh;
  }
}

/** Three parts that do not overlap: a critical attempt is drawn as critical only, whatever its outcome. */
function split(bucket: Bucket): { failed: number; other: number; critical: number } {
  const { success, failure, challenge, blocked } = bucket.counts;
  const bad = failure + blocked;
  const rest = success + challenge;
  const criticalOfRest = Math.min(bucket.critical, rest);
  const criticalOfBad = Math.min(bucket.critical - criticalOfRest, bad);
  return { failed: bad - criticalOfBad, other: rest - criticalOfRest, critical: criticalOfRest + criticalOfBad };
}
