import type { Queryable } from '../../platform/database/data-source.js';

/** How long it is known how large the database was, in days. */
const SIZES_KEPT_DAYS = 90;

/** The sweep came to its end. */
export async function noteSweep(database: Queryable, tookMs: number): Promise<void> {
  await database.query(
    `INSERT INTO last_sweep (ended_at, took_ms) VALUES (clock_timestamp(), $1)
     ON CONFLICT (id) DO UPDATE SET ended_at = excluded.ended_at, took_ms = excluded.took_ms`,
    [Math.round(tookMs)],
  );
}

/** How large the database is in this hour; measured once in it. */
export async function noteSize(database: Queryable): Promise<void> {
  await database.query(
    `INSERT INTO database_sizes (hour, bytes) SELECT hour, pg_database_size(current_database()) FROM (SELECT date_trunc('hour', now(), 'UTC') AS hour) h
     WHERE NOT EXISTS (SELECT FROM database_sizes s WHERE s.hour = h.hour) ON CONFLICT DO NOTHING`,
  );
  await database.query('DELETE FROM database_sizes WHERE hour < now() - make_interval(days => $1)', [SIZES_KEPT_DAYS]);
}
