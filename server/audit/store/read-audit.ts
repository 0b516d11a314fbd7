import type { DataSource } from 'typeorm';
import type { AuditFilter } from '../../contracts/operations.js';

export type AuditRow = {
  sequence: string;
  at: Date;
  actor_kind: 'person' | 'key' | 'system' | 'cli';
  actor_id: string | null;
  actor_name: string;
  action: string;
  target_kind: string;
  target_id: string | null;
  detail: Record<string, unknown>;
  ip: string | null;
};

/** Newest first; `before` is the sequence of the last row already seen. */
export async function readAudit(
  database: DataSource,
  filter: AuditFilter,
  before: number | null,
  limit: number,
): Promise<AuditRow[]> {
  return database.query<AuditRow[]>(
    `SELECT sequence, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, detail, host(ip) AS ip FROM audit_entries
     WHERE ($1::bigint IS NULL OR sequence < $1) AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR actor_name = $3 OR actor_id::text = $3)
       AND ($4::text IS NULL OR target_id = $4) AND ($5::timestamptz IS NULL OR at >= $5) AND ($6::timestamptz IS NULL OR at < $6)
       AND ($7::text IS NULL OR actor_name ILIKE $7 OR action ILIKE $7 OR target_kind ILIKE $7 OR target_id ILIKE $7 OR detail::text ILIKE $7 OR host(ip) ILIKE $7)
     ORDER BY sequence DESC LIMIT $8`,
    [
      before,
      filter.action ?? null,
      filter.actor ?? null,
      filter.target ?? null,
      filter.from ?? null,
      filter.to ?? null,
      filter.search ? `%${filter.search.replace(/[\\%_]/g, '\\$&')}%` : null,
      limit,
    ],
  );
}
