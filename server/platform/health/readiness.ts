import type { DataSource } from 'typeorm';
import type { Readiness } from '../../contracts/operations.js';
import { version } from '../version.js';

/** A worker that was not heard of for longer doesn't count, in seconds. */
const WORKER_ALIVE_SECONDS = 15;

type Row = { waiting: number; oldestSeconds: number; workers: { id: string; lane: boolean; seenAt: string }[] };

/** Asks the database for everything that decides whether Gatehouse can be used. */
export async function readReadiness(database: DataSource): Promise<Readiness> {
  const down: Readiness = {
    status: 'not_ready',
    version,
    database: 'down',
    migrations: 'unknown',
    backlog: null,
    workers: [],
  };
  try {
    if (await database.showMigrations()) return { ...down, database: 'up', migrations: 'pending' };
    const [row] = await database.query<Row[]>(state, [WORKER_ALIVE_SECONDS]);
    const { waiting = 0, oldestSeconds = 0, workers = [] } = row ?? {};
    return {
      status: 'ready',
      version,
      database: 'up',
      migrations: 'current',
      backlog: { waiting, oldestSeconds },
      workers,
    };
  } catch {
    // Why it is down is in the log of the query that failed for a user; here only the fact counts.
    return down;
  }
}

const state = `
  SELECT coalesce(sum(attempts), 0)::int AS waiting, coalesce(extract(epoch FROM clock_timestamp() - min(received_at)), 0)::float8 AS "oldestSeconds",
    (SELECT coalesce(json_agg(json_build_object('id', id, 'lane', lane, 'seenAt', to_char(seen_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY id), '[]')
     FROM nodes WHERE kind = 'worker' AND seen_at > now() - make_interval(secs => $1)) AS workers
  FROM attempt_inbox`;
