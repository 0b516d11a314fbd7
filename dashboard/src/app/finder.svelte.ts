import { api } from '../api/api.js';
import { type ApiError, toApiError } from '../api/api-error.js';
import type { Found } from '../api/types.js';

/** Typing is over when nothing was typed for this long, in milliseconds. */
const TYPING_MS = 150;

/** Finds things while somebody types. What was typed last counts, whichever answer comes last. */
export class Finder {
  items = $state.raw<readonly Found[]>([]);
  /** The text that `items` belong to. */
  found = $state('');
  error = $state.raw<ApiError | null>(null);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #asking: AbortController | undefined;

  type(text: string): void {
    clearTimeout(this.#timer);
    if (text.trim() === '') this.clear();
    else this.#timer = setTimeout(() => void this.now(text), TYPING_MS);
  }

  clear(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.items = [];
    this.found = '';
  }

  /** At once, for who pressed Enter. @returns the best match */
  async now(typed: string): Promise<Found | undefined> {
    const text = typed.trim();
    if (text === this.found) return this.items[0];
    clearTimeout(this.#timer);
    this.#asking?.abort();
    const asking = new AbortController();
    this.#asking = asking;
    try {
      const { items } = await api.search(text, asking.signal);
      if (asking.signal.aborted) return undefined;
      this.items = items;
      this.found = text;
      this.error = null;
      return items[0];
    } catch (thrown) {
      if (!asking.signal.aborted) this.error = toApiError(thrown);
      return undefined;
    }
  }
}
