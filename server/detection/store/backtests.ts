import {
  BACKTESTS_KEPT,
  type BacktestRequest,
  type BacktestResult,
  type BacktestView,
} from '../../contracts/backtests.js';
import type { Queryable } from '../../platform/database/data-source.js';

type Row = Omit<BacktestView, 'createdAt' | 'finishedAt'> & { createdAt: Date; finishedAt: Date | null };

/** A worker that was not heard of for so long, in seconds, has left what it was running. */
const LEFT_SECONDS = 30;
/** How often one is begun anew before it is given up: it may be what ends the workers. */
const TRIES_MAX = 3;

const columns = `id, author, created_at AS "createdAt", days, base_version AS "baseVersion", settings, state, replayed, total,
  finished_at AS "finishedAt", failure, result`;

/** @returns whether there was room: one waits or runs at a time */
export async function insertBacktest(
  tx: Queryable,
  given: BacktestRequest & { id: string; author: string; baseVersion: number },
): Promise<boolean> {
  const { id, author, days, baseVersion, settings } = given;
  const rows = await tx.query<unknown[]>(
    `INSERT INTO detection_backtests (id, author, days, base_version, settings) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING RETURNING id`,
    [id, author, days, baseVersion, JSON.stringify(settings)],
  );
  return rows.length > 0;
}

export async function forgetOldBacktests(tx: Queryable): Promise<void> {
  await tx.query(
    `DELETE FROM detection_backtests WHERE id IN (SELECT id FROM detection_backtests ORDER BY created_at DESC, id OFFSET $1)`,
    [BACKTESTS_KEPT],
  );
}

/** Newest first. */
export async function readBacktests(database: Queryable): Promise<BacktestView[]> {
  const rows = await database.query<Row[]>(
    `SELECT ${columns} FROM detection_backtests ORDER BY created_at DESC, id LIMIT $1`,
    [BACKTESTS_KEPT],
  );
  return rows.map(toView);
}

export async function readBacktest(database: Queryable, id: string): Promise<BacktestView | undefined> {
  const [row] = await database.query<Row[]>(`SELECT ${columns} FROM detection_backtests WHERE id = $1`, [id]);
  return row && toView(row);
}

/** What the people are called that are in the examples. */
export async function namesOf(database: Queryable, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database.query<{ id: string; name: string }[]>(
    'SELECT id, name FROM people WHERE id = ANY($1::uuid[])',
    [ids],
  );
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** @returns whether it was still waiting or running */
export async function cancelBacktest(database: Queryable, id: string): Promise<boolean> {
  const [, changed] = await database.query<[unknown, number]>(
    `UPDATE detection_backtests SET state = 'cancelled', finished_at = now() WHERE id = $1 AND state IN ('waiting', 'running')`,
    [id],
  );
  return changed > 0;
}

/** The one that waits, or that was left by its worker; it begins anew. */
export async function claimBacktest(database: Queryable, holder: string): Promise<BacktestView | undefined> {
  await database.query(
    `UPDATE detection_backtests SET state = 'failed', finished_at = now(), failure = 'The worker ended each time while it ran.'
     WHERE state = 'running' AND tries >= $1 AND seen_at < now() - make_interval(secs => $2)`,
    [TRIES_MAX, LEFT_SECONDS],
  );
  const [rows] = await database.query<[Row[], number]>(
    `UPDATE detection_backtests SET state = 'running', holder = $1, seen_at = now(), tries = tries + 1, replayed = 0, total = NULL
     WHERE state = 'waiting' OR (state = 'running' AND seen_at < now() - make_interval(secs => $2)) RETURNING ${columns}`,
    [holder, LEFT_SECONDS],
  );
  return rows[0] && toView(rows[0]);
}

type Held = { id: string; holder: string };

/** Says how far it is. @returns false when it was cancelled, or is somebody else's by now */
export async function noteProgress(
  database: Queryable,
  { id, holder }: Held,
  progress: { replayed: number; total: number },
): Promise<boolean> {
  const [, changed] = await database.query<[unknown, number]>(
    `UPDATE detection_backtests SET replayed = $3, total = $4, seen_at = now() WHERE id = $1 AND holder = $2 AND state = 'running'`,
    [id, holder, progress.replayed, progress.total],
  );
  return changed > 0;
}

/** Ends it, one way or the other, unless it was cancelled meanwhile. */
export async function finishBacktest(
  database: Queryable,
  { id, holder }: Held,
  end: { result: BacktestResult } | { failure: string },
): Promise<void> {
  const result = 'result' in end ? end.result : null;
  await database.query(
    `UPDATE detection_backtests SET state = $3, result = $4, failure = $5, finished_at = now(), replayed = CASE WHEN $4::jsonb IS NULL THEN replayed ELSE total END
     WHERE id = $1 AND holder = $2 AND state = 'running'`,
    [id, holder, result ? 'done' : 'failed', result && JSON.stringify(result), 'failure' in end ? end.failure : null],
  );
}

/** Puts it back for another worker, as this one is told to end: that is not its fault. */
export async function leaveBacktest(database: Queryable, { id, holder }: Held): Promise<void> {
  await database.query(
    `UPDATE detection_backtests SET state = 'waiting', tries = tries - 1 WHERE id = $1 AND holder = $2 AND state = 'running'`,
    [id, holder],
  );
}

const toView = (row: Row): BacktestView => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
});
