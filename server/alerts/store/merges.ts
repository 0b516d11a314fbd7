import type { EntityManager } from 'typeorm';
import type { AlertStatus } from '../../contracts/alerts.js';

/** How an alert stood before it was merged. */
export type Moved = {
  id: string;
  mergedInto: string | null;
  status: AlertStatus;
  assigneeId: string | null;
  heldUntil: string | null;
};

/**
 * Folds a party into another alert, and makes it stand where that one stands.
 * @returns how each stood before
 */
export async function foldInto(tx: EntityManager, ids: readonly string[], intoId: string): Promise<Moved[]> {
  const moved = await tx.query<Moved[]>(
    `SELECT id, merged_into AS "mergedInto", status, assignee_id AS "assigneeId", held_until::text AS "heldUntil" FROM alerts WHERE id = ANY($1)`,
    [ids],
  );
  await tx.query(
    `UPDATE alerts a SET merged_into = t.id, status = t.status, assignee_id = t.assignee_id, held_until = t.held_until,
       held_attempts = CASE WHEN t.held_until IS NOT NULL THEN (a.evidence->>'attempts')::int END
     FROM alerts t WHERE t.id = $2 AND a.id = ANY($1) AND a.status NOT IN ('resolved', 'closed')`,
    [ids, intoId],
  );
  return moved;
}

export async function keepMerge(
  tx: EntityManager,
  merge: { id: string; alertId: string; intoId: string; moved: readonly Moved[] },
): Promise<void> {
  await tx.query('INSERT INTO alert_merges (id, alert_id, into_id, moved) VALUES ($1, $2, $3, $4)', [
    merge.id,
    merge.alertId,
    merge.intoId,
    JSON.stringify(merge.moved),
  ]);
}

export async function lastMerge(
  tx: EntityManager,
  alertId: string,
): Promise<{ id: string; intoId: string; moved: Moved[] } | undefined> {
  const [merge] = await tx.query<{ id: string; intoId: string; moved: Moved[] }[]>(
    `SELECT id, into_id AS "intoId", moved FROM alert_merges WHERE alert_id = $1 AND undone_at IS NULL ORDER BY merged_at DESC LIMIT 1`,
    [alertId],
  );
  return merge;
}

/** Puts alerts back where they stood; what was concluded about both meanwhile stays concluded. @returns the ids of all that went back */
export async function unfold(
  tx: EntityManager,
  { id, intoId, moved }: { id: string; intoId: string; moved: readonly Moved[] },
): Promise<string[]> {
  const [back] = await tx.query<[{ id: string }[], number]>(
    `UPDATE alerts a SET merged_into = m."mergedInto", status = CASE WHEN a.status IN ('resolved', 'closed') THEN a.status ELSE m.status END,
       assignee_id = CASE WHEN a.status IN ('resolved', 'closed') THEN a.assignee_id ELSE m."assigneeId" END,
       held_until = CASE WHEN a.status NOT IN ('resolved', 'closed') THEN m."heldUntil" END
     FROM jsonb_to_recordset($2) AS m (id uuid, "mergedInto" uuid, status text, "assigneeId" uuid, "heldUntil" timestamptz)
     WHERE a.id = m.id AND a.merged_into = $1 RETURNING a.id`,
    [intoId, JSON.stringify(moved)],
  );
  await tx.query('UPDATE alert_merges SET undone_at = now() WHERE id = $1', [id]);
  return back.map((row) => row.id);
}
