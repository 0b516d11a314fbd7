import type { EntityManager } from 'typeorm';
import type { AlertStatus, Verdict } from '../../contracts/alerts.js';

export type MovingAlert = { id: string; status: AlertStatus; incidentId: string | null; resolvedAt: string | null };

/** An alert that is to be changed, locked with the incident that it is part of. */
export async function lockForChange(tx: EntityManager, id: string): Promise<MovingAlert | undefined> {
  // The incident first, as the scoring transaction locks it before its alerts.
  await tx.query(
    'SELECT FROM incidents WHERE id = (SELECT incident_id FROM alerts WHERE id = $1) ORDER BY number FOR UPDATE',
    [id],
  );
  const [alert] = await tx.query<MovingAlert[]>(
    'SELECT id, status, incident_id AS "incidentId", resolved_at::text AS "resolvedAt" FROM alerts WHERE id = $1 FOR UPDATE',
    [id],
  );
  return alert;
}

/**
 * Moves an alert, and with it those of its incident that stand where it stands: an earlier verdict on one of them remains.
 * @returns the ids of all that were moved
 */
export async function moveAlerts(
  tx: EntityManager,
  alert: MovingAlert,
  move: { to: AlertStatus; event: string; verdict: Verdict | null; note: string | null; by: string },
): Promise<string[]> {
  const [moved] = await tx.query<[{ id: string }[], number]>(
    `UPDATE alerts SET status = $2, verdict = $3, assignee_id = $4, resolved_at = CASE WHEN $2 = 'resolved' THEN now() END
     WHERE id = $1 OR (incident_id = $5 AND (status <> 'resolved' AND $6::timestamptz IS NULL OR resolved_at = $6)) RETURNING id`,
    [alert.id, move.to, move.verdict, move.by, alert.incidentId, alert.resolvedAt],
  );
  const ids = moved.map(({ id }) => id);
  await tx.query('INSERT INTO alert_events (alert_id, kind, person_id, note) SELECT unnest($1::uuid[]), $2, $3, $4', [
    ids,
    move.event,
    move.by,
    move.note,
  ]);
  return ids;
}
