import type { DataSource } from 'typeorm';
import type { z } from 'zod';
import type { AuditEntry, AuditFilter, auditQuery } from '../contracts/operations.js';
import { type Page, PAGE_MAX } from '../contracts/paging.js';
import type { Cursors } from '../platform/paging.js';
import { type AuditRow, readAudit } from './store/read-audit.js';

/** Lists what was done, newest first. */
export class ListAudit {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
  ) {}

  async list(query: z.infer<typeof auditQuery>): Promise<Page<AuditEntry>> {
    const position = this.cursors.decode('audit', query.cursor);
    const rows = await readAudit(this.database, query, position ? Number(position[0]) : null, query.limit + 1);
    const page = this.cursors.page('audit', rows, query.limit, (row) => [row.sequence]);
    return { items: page.items.map(toAuditEntry), nextCursor: page.nextCursor };
  }
}

/** Every entry that a filter finds, newest first, a page at a time. */
export async function* streamAudit(audit: ListAudit, filter: AuditFilter): AsyncGenerator<AuditEntry[]> {
  for (let cursor: string | undefined; ;) {
    const page = await audit.list({ ...filter, cursor, limit: PAGE_MAX });
    yield page.items;
    if (page.nextCursor === null) return;
    cursor = page.nextCursor;
  }
}

const toAuditEntry = (row: AuditRow): AuditEntry => ({
  sequence: Number(row.sequence),
  at: row.at.toISOString(),
  actor: { kind: row.actor_kind, id: row.actor_id, name: row.actor_name },
  action: row.action,
  target: { kind: row.target_kind, id: row.target_id },
  detail: row.detail,
  ip: row.ip,
});
