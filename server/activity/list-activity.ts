import type { DataSource } from 'typeorm';
import type { ActivityCounts, ActivityFilter, ActivityRow, ActivitySearch } from '../contracts/activity.js';
import type { Page } from '../contracts/paging.js';
import type { Cursors } from '../platform/paging.js';
import { toActivityRow } from './activity-view.js';
import { soughtWords } from './search-words.js';
import { countActivity, type Reader, readActivity, type Sought } from './store/read-activity.js';

/** Rows fetched at a time for an export. */
const EXPORT_PAGE = 1_000;

/** Shows people the attempts on their own account, at Gatehouse and at the connected applications. */
export class ListActivity {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
  ) {}

  /** Newest first. */
  async list(
    reader: Reader,
    filter: ActivityFilter,
    cursor: string | undefined,
    limit: number,
  ): Promise<Page<ActivityRow>> {
    const position = this.cursors.decode('activity', cursor);
    const after = position && { at: String(position[0]), id: String(position[1]) };
    const records = await readActivity(this.database, reader, soughtBy(filter), after, limit + 1);
    const page = this.cursors.page('activity', records, limit, (record) => [
      record.occurred_at.toISOString(),
      record.id,
    ]);
    return { items: page.items.map((record) => toActivityRow(record, reader.sessionId)), nextCursor: page.nextCursor };
  }

  async count(reader: Reader, { search }: ActivitySearch): Promise<ActivityCounts> {
    return countActivity(this.database, reader, soughtWords(search ?? ''));
  }

  /** Everything the filter finds, a page at a time. */
  async *stream(reader: Reader, filter: ActivityFilter): AsyncGenerator<ActivityRow[]> {
    let after: { at: string; id: string } | undefined;
    for (;;) {
      const records = await readActivity(this.database, reader, soughtBy(filter), after, EXPORT_PAGE);
      if (records.length > 0) yield records.map((record) => toActivityRow(record, reader.sessionId));
      const last = records.at(-1);
      if (!last || records.length < EXPORT_PAGE) return;
      after = { at: last.occurred_at.toISOString(), id: last.id };
    }
  }
}

const soughtBy = ({ show, search }: ActivityFilter): Sought => ({ show, words: soughtWords(search ?? '') });
