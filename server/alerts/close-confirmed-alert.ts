import type { EntityManager } from 'typeorm';
import { notify } from '../platform/database/listener.js';

/**
 * Resolves an alert as benign once its person confirmed every sign-in of it. One that grew meanwhile stays open, and so does one that
 * is part of an attack: who reads the person's mail must not close that.
 */
export async function closeConfirmedAlert(tx: EntityManager, alertId: string, personId: string): Promise<void> {
  const [, closed] = await tx.query<[unknown, number]>(
    `UPDATE alerts SET status = 'resolved', verdict = 'benign', resolved_at = now() 
     WHERE id = $1 AND status NOT IN ('resolved', 'closed') AND incident_id IS NULL AND merged_into IS NULL
       AND NOT EXISTS (SELECT FROM alerts WHERE merged_into = $1) AND NOT EXISTS (
       SELECT FROM alert_attempts e LEFT JOIN sign_in_answers n ON n.attempt_id = e.attempt_id
       WHERE e.alert_id = $1 AND n.answer IS DISTINCT FROM 'mine')`,
    [alertId],
  );
  if (closed === 0) return;
  await tx.query(`INSERT INTO alert_events (alert_id, kind, person_id, note) VALUES ($1, 'resolved', $2, $3)`, [
    alertId,
    personId,
    'Answered by mail: it was me.',
  ]);
  await notify(tx, 'alert_changed', { alertId });
}
