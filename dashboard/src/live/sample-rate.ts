/** Over which time the rates are averaged, in milliseconds. */
const SPAN_MS = 5_000;

type Sample = { at: number; shown: number; total: number; sampled: boolean };

/** How many attempts a second arrive, and how many of them the server sends as rows. */
export class SampleRate {
  #samples: Sample[] = [];

  /** @param sampled whether the server left rows out; rows that only come later do not count as such */
  add(at: number, shown: number, total: number, sampled: boolean): void {
    this.#samples.push({ at, shown, total, sampled });
    this.#forget(at);
  }

  /** Attempts a second over the last five seconds. */
  read(now: number): { shown: number; total: number; sampled: boolean } {
    this.#forget(now);
    const sum = { shown: 0, total: 0 };
    for (const sample of this.#samples) {
      sum.shown += sample.shown;
      sum.total += sample.total;
    }
    const seconds = SPAN_MS / 1000;
    return {
      shown: sum.shown / seconds,
      total: sum.total / seconds,
      sampled: this.#samples.some(({ sampled }) => sampled),
    };
  }

  #forget(now: number): void {
    const kept = this.#samples.findIndex((sample) => sample.at > now - SPAN_MS);
    if (kept !== 0) this.#samples = kept < 0 ? [] : this.#samples.slice(kept);
  }
}
