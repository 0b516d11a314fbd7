import type { DataSource } from 'typeorm';
import type {
  AttemptCountQuery,
  AttemptCounts,
  AttemptDetail,
  AttemptFilter,
  AttemptRow,
} from '../contracts/attempts.js';
import type { Page } from '../contracts/paging.js';
import { Refusal } from '../platform/errors.js';
import type { Cursors } from '../platform/paging.js';
import { toAttemptDetail, toAttemptRow } from './attempt-view.js';
import { resolveFilter } from './resolve-filter.js';
import { type AttemptRecord, countByOutcome, listAttempts, readAttempt, readAttempts } from './store/read-attempts.js';

/** Rows fetched at a time for an export: enough to be fast, few enough to hold. */
const EXPORT_PAGE = 1_000;

/** Finds recorded attempts. */
export class SearchAttempts {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
  ) {}

  async list(filter: AttemptFilter, cursor: string | undefined, limit: number): Promise<Page<AttemptRow>> {
    const position = this.cursors.decode('attempts', cursor);
    const after = position && { at: String(position[0]), id: String(position[1]) };
    const records = await listAttempts(this.database, await resolveFilter(this.database, filter), after, limit + 1);
    const page = this.cursors.page('attempts', records, limit, (record) => [
      record.occurred_at.toISOString(),
      record.id,
    ]);
    return { items: page.items.map(toAttemptRow), nextCursor: page.nextCursor };
  }

  /** @throws Refusal `not_found` */
  async read(id: string): Promise<AttemptDetail> {
    const record = await readAttempt(this.database, id);
    if (!record) throw new Refusal('not_found');
    const alerts = await this.database.query<{ alert_id: string }[]>(
      'SELECT alert_id FROM alert_attempts WHERE attempt_id = $1 LIMIT 20',
      [id],
    );
    return toAttemptDetail(
      record,
      alerts.map((row) => row.alert_id),
    );
  }

  async readMany(ids: readonly string[]): Promise<AttemptRow[]> {
    return (await readAttempts(this.database, ids)).map(toAttemptRow);
  }

  async count(filter: AttemptCountQuery): Promise<AttemptCounts> {
    const counts: AttemptCounts = { total: 0, success: 0, failure: 0, challenge: 0, blocked: 0 };
    for (const { outcome, count } of await countByOutcome(this.database, await resolveFilter(this.database, filter))) {
      counts[outcome] = count;
      counts.total += count;
    }
    return counts;
  }

  /** Every attempt that matches, newest first, a page at a time; what is recorded meanwhile is left out. */
  async *stream(filter: AttemptFilter): AsyncGenerator<AttemptRecord[]> {
    const resolved = await resolveFilter(this.database, filter);
    let after: { at: string; id: string } | undefined;
    for (;;) {
      const records = await listAttempts(this.database, resolved, after, EXPORT_PAGE);
      if (records.length > 0) yield records;
      const last = records.at(-1);
      if (!last || records.length < EXPORT_PAGE) return;
      after = { at: last.occurred_at.toISOString(), id: last.id };
    }
  }
}
