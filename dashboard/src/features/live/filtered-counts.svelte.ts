import type { AttemptCounts, AttemptFilter } from '../../api/types.js';
import { serverCovers, serverFilter, type Filters } from '../../live/filters.js';

/** How often the numbers on the chips are asked for while a filter is on, in milliseconds. */
const EVERY_MS = 5_000;

type FetchCounts = (query: AttemptFilter) => Promise<AttemptCounts>;

/**
 * How many attempts of the window fit the filters, by outcome. Only the server can know: the page holds what it shows.
 * Null where nobody is asked (no filter) or the server can't apply the filters as they are.
 */
export class FilteredCounts {
  value = $state.raw<AttemptCounts | null>(null);
  readonly #fetch: FetchCounts;

  constructor(fetch: FetchCounts) {
    this.#fetch = fetch;
  }

  /** Counts now and again. @param windowMs of the live view. @returns how to stop */
  follow(filters: Filters, windowMs: number): () => void {
    const others = { ...filters, conditions: filters.conditions.filter(({ field }) => field !== 'outcome') };
    this.value = null;
    if ((others.conditions.length === 0 && others.range === null) || !serverCovers(others)) return () => undefined;
    let stopped = false;
    const ask = async (): Promise<void> => {
      const query = { from: new Date(Date.now() - windowMs).toISOString(), ...serverFilter(others) };
      // Without the numbers the chips work all the same; the list itself reports what is wrong.
      const counts = await this.#fetch(query).catch(() => null);
      if (!stopped) this.value = counts;
    };
    void ask();
    const timer = others.range === null ? setInterval(() => !document.hidden && void ask(), EVERY_MS) : undefined;
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }
}
