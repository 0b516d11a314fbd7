import type { AttemptFilter, AttemptRow, Page } from '../api/types.js';
import { matches, serverFilter, type Filters } from './filters.js';

/** Rows asked for at a time, the most the server gives. */
export const PAGE_ROWS = 200;
/** Pages read at most in one go; what is beyond is named in a gap line or loaded on scrolling. */
export const PAGES_MAX = 5;
/** A page that filters leave with fewer rows than this is topped up from the next. */
const ENOUGH_ROWS = 50;

export type FetchAttempts = (query: AttemptFilter & { cursor?: string; limit: number }) => Promise<Page<AttemptRow>>;
/** Newest first; `cursor` continues downwards and is null at the end. */
export type Loaded = { rows: AttemptRow[]; cursor: string | null };

/** Reads stored attempts in pages, newest first. */
export class AttemptPages {
  readonly #fetch: FetchAttempts;

  constructor(fetch: FetchAttempts) {
    this.#fetch = fetch;
  }

  /** Reads until a row is older than `until` (milliseconds), the end, or the most pages. */
  since(filter: AttemptFilter, until: number): Promise<Loaded> {
    return this.#read(filter, null, (rows) => Date.parse(rows.at(-1)?.occurredAt ?? '') < until);
  }

  /** One page of what the filters leave over, reading on while exclusions eat everything up. */
  matching(filters: Filters, from: { cursor: string | null; before: string | null } = start): Promise<Loaded> {
    const filter = serverFilter(filters);
    const query = from.before && !from.cursor ? { ...filter, to: from.before } : filter;
    return this.#read(query, from.cursor, (rows) => rows.length >= ENOUGH_ROWS, filters);
  }

  async #read(
    filter: AttemptFilter,
    after: string | null,
    enough: (rows: AttemptRow[]) => boolean,
    filters?: Filters,
  ): Promise<Loaded> {
    const rows: AttemptRow[] = [];
    let cursor = after;
    for (let page = 0; page < PAGES_MAX; page += 1) {
      const answer = await this.#fetch({ ...filter, ...(cursor ? { cursor } : {}), limit: PAGE_ROWS });
      const fitting = filters ? answer.items.filter((row) => matches(row, filters)) : answer.items;
      rows.push(...fitting);
      cursor = answer.nextCursor;
      if (!cursor || enough(rows) || (filters && fitting.length === answer.items.length)) break;
    }
    return { rows, cursor };
  }
}

const start = { cursor: null, before: null };
