import { DRILLS_KEPT, type DrillResult, type DrillView } from '../../contracts/drills.js';
import type { Queryable } from '../../platform/database/data-source.js';

type Row = Omit<DrillView, 'createdAt' | 'finishedAt'> & { createdAt: Date; finishedAt: Date | null };

/** A worker that was not heard of for so long, in seconds, has left the drill that it ran. */
const LEFT_SECONDS = 60;

const columns = `id, author, created_at AS "createdAt", finished_at AS "finishedAt", state, stage, sent, total, failure, result`;
const toView = (row: Row): DrillView => ({
  ...row,
  createdAt: row.createdAt.toISOString(),
  finishedAt: row.finishedAt?.toISOString() ?? null,
});

/** @returns whether there was room: one waits or runs at a time */
export async function insertDrill(tx: Queryable, { id, author }: { id: string; author: string }): Promise<boolean> {
  const rows = await tx.query<unknown[]>(
    'INSERT INTO drills (id, author) VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING id',
    [id, author],
  );
  return rows.length > 0;
}

export async function forgetOldDrills(tx: Queryable): Promise<void> {
  await tx.query('DELETE FROM drills WHERE id IN (SELECT id FROM drills ORDER BY created_at DESC, id OFFSET $1)', [
    DRILLS_KEPT,
  ]);
}

/** Newest first. */
export async function readDrills(database: Queryable): Promise<DrillView[]> {
  const rows = await database.query<Row[]>(
    `SELECT ${columns} FROM drills ORDER BY created_at DESC, id LIMIT ${DRILLS_KEPT}`,
  );
  return rows.map(toView);
}

export async function readDrill(database: Queryable, id: string): Promise<DrillView | undefined> {
  const [row] = await database.query<Row[]>(`SELECT ${columns} FROM drills WHERE id = $1`, [id]);
  return row && toView(row);
}

/** One that waits ends at once; one that runs is asked to. @returns whether it had not ended yet */
export async function cancelDrill(tx: Queryable, id: string): Promise<boolean> {
  const [, changed] = await tx.query<[unknown, number]>(
    `UPDATE drills SET cancel_asked = true, state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END,
       finished_at = CASE state WHEN 'waiting' THEN now() END WHERE id = $1 AND state IN ('waiting', 'running')`,
    [id],
  );
  return changed > 0;
}

/** The one that waits. */
export async function claimDrill(database: Queryable, holder: string): Promise<string | undefined> {
  const [rows] = await database.query<[{ id: string }[], number]>(
    `UPDATE drills SET state = 'running', holder = $1, seen_at = now(), stage = 'preparing' WHERE state = 'waiting' RETURNING id`,
    [holder],
  );
  return rows[0]?.id;
}

/** A drill whose worker is gone is over: half of what it would measure is missing. */
export async function endLeftDrills(database: Queryable): Promise<void> {
  await database.query(
    `UPDATE drills SET state = 'failed', stage = NULL, finished_at = now(), failure = 'The worker ended while it ran. What it left was removed.'
     WHERE state = 'running' AND seen_at < now() - make_interval(secs => ${LEFT_SECONDS})`,
  );
}

export async function isDrillRunning(database: Queryable): Promise<boolean> {
  const rows = await database.query<unknown[]>(`SELECT 1 FROM drills WHERE state = 'running'`);
  return rows.length > 0;
}

type Held = { id: string; holder: string };
type Progress = Pick<DrillView, 'stage' | 'sent' | 'total'>;

/** Says how far it is. @returns whether it goes on; false when it was cancelled, or was taken for left */
export async function noteDrillProgress(
  database: Queryable,
  { id, holder }: Held,
  { stage, sent, total }: Progress,
): Promise<boolean> {
  const [rows] = await database.query<[{ cancelled: boolean }[], number]>(
    `UPDATE drills SET seen_at = now(), stage = $3, sent = $4, total = $5 WHERE id = $1 AND holder = $2 AND state = 'running'
     RETURNING cancel_asked AS cancelled`,
    [id, holder, stage, sent, total],
  );
  return rows[0]?.cancelled === false;
}

export type DrillEnd =
  { state: 'done'; result: DrillResult } | { state: 'cancelled' } | { state: 'failed'; failure: string };

/** @returns whether it was still this worker's */
export async function finishDrill(tx: Queryable, { id, holder }: Held, end: DrillEnd): Promise<boolean> {
  const [, changed] = await tx.query<[unknown, number]>(
    `UPDATE drills SET state = $3, stage = NULL, finished_at = now(), failure = $4, result = $5
     WHERE id = $1 AND holder = $2 AND state = 'running'`,
    [id, holder, end.state, 'failure' in end ? end.failure : null, 'result' in end ? JSON.stringify(end.result) : null],
  );
  return changed > 0;
}
