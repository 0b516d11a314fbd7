import type { Queryable } from '../../platform/database/data-source.js';

export type Telling = { state: 'waiting' | 'delivered' | 'failed'; at: string | null; answer: string | null };
type Row = { state: 'queued' | 'held' | 'digested' | 'sent' | 'failed'; sentAt: Date | null; lastError: string | null };

/**
 * Whether the webhook's target was told of one event, by its type and key; null where it is not told of it. What went out in a
 * digest was told when the digest was.
 */
export async function tellingOf(database: Queryable, event: string): Promise<Telling | null> {
  const [row] = await database.query<Row[]>(
    `SELECT coalesce(d.state, n.state) AS state, coalesce(d.sent_at, n.sent_at) AS "sentAt", coalesce(d.last_error, n.last_error) AS "lastError"
     FROM notifications n LEFT JOIN notifications d ON d.id = n.digest_id WHERE n.dedup_key = $1 AND n.person_id IS NULL`,
    [`webhook:${event}`],
  );
  if (!row) return null;
  const state = row.state === 'sent' ? 'delivered' : row.state === 'failed' ? 'failed' : 'waiting';
  return { state, at: row.sentAt?.toISOString() ?? null, answer: state === 'delivered' ? null : row.lastError };
}
