/** Over which time the rates are averaged, in milliseconds. */
const SPAN_MS = 5_000;

type Sample = { at: number; shown: number; total: number };

/** How many attempts a second arrive, and how many of them the server sends as rows. */
export class SampleRate {
  #samples: Sample[] = [];

  add(at: number, shown: number, total: number): void {
    this.#samples.push({ at, shown, total });
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
    return { shown: sum.shown / seconds, total: sum.total / seconds, sampled: sum.total > sum.shown };
  }

  #forget(now: number): void {
    const kept = this.#samples.findIndex((sample) => sample.at > now - SPAN_MS);
    if (kept !== 0) this.#samples = kept < 0 ? [] : this.#samples.slice(kept);
  }
}
