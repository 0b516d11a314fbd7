import type { DataSource } from 'typeorm';

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
  filter: { action?: string | undefined; actor?: string | undefined },
  before: number | null,
  limit: number,
): Promise<AuditRow[]> {
  return database.query<AuditRow[]>(
    `SELECT sequence, at, actor_kind, actor_id, actor_name, action, target_kind, target_id, detail, host(ip) AS ip FROM audit_entries
     WHERE ($1::bigint IS NULL OR sequence < $1) AND ($2::text IS NULL OR action = $2) AND ($3::text IS NULL OR actor_name = $3 OR actor_id::text = $3)
     ORDER BY sequence DESC LIMIT $4`,
    [before, filter.action ?? null, filter.actor ?? null, limit],
  );
}
