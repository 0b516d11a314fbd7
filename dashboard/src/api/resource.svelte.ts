import { toApiError, type ApiError } from './api-error.js';
import type { Page } from './types.js';

/** Something loaded from the server. Old data stays while it is asked for again; only the newest question counts. */
export class Resource<T> {
  value = $state.raw<T | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(false);
  readonly #fetch: () => Promise<T>;
  #asked = 0;

  constructor(fetch: () => Promise<T>) {
    this.#fetch = fetch;
  }

  load = async (): Promise<void> => {
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const value = await this.#fetch();
      if (asked !== this.#asked) return;
      this.value = value;
      this.error = null;
    } catch (thrown) {
      if (asked === this.#asked) this.error = toApiError(thrown);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  };
}

/** A list that grows by pages as the reader asks for more. */
export class PagedList<T> {
  items = $state.raw<T[]>([]);
  more = $state(false);
  loaded = $state(false);
  loading = $state(false);
  error = $state.raw<ApiError | null>(null);
  readonly #fetch: (cursor: string | undefined) => Promise<Page<T>>;
  #cursor: string | null = null;
  #asked = 0;

  constructor(fetch: (cursor: string | undefined) => Promise<Page<T>>) {
    this.#fetch = fetch;
  }

  /** The first page, in place of everything shown. */
  load = (): Promise<void> => this.#take(undefined, []);

  loadMore = (): Promise<void> => this.#take(this.#cursor ?? undefined, this.items);

  async #take(cursor: string | undefined, before: T[]): Promise<void> {
    const asked = ++this.#asked;
    this.loading = true;
    try {
      const page = await this.#fetch(cursor);
      if (asked !== this.#asked) return;
      this.items = [...before, ...page.items];
      this.#cursor = page.nextCursor;
      this.more = page.nextCursor !== null;
      this.loaded = true;
      this.error = null;
    } catch (thrown) {
      if (asked === this.#asked) this.error = toApiError(thrown);
    } finally {
      if (asked === this.#asked) this.loading = false;
    }
  }
}
