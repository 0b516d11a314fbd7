import type { EntityManager } from 'typeorm';
import { notify } from '../platform/database/listener.js';

/** The alert, and what is in one incident with it. */
const together =
  'SELECT $1::uuid AS id UNION SELECT o.id FROM alerts a JOIN alerts o USING (incident_id) WHERE a.id = $1';

/** Failures for this person alone, each from where a sign-in was that the person confirmed: a password that was forgotten first. */
const isExplained = `o.kind = 'failures-from-unfamiliar-place' AND o.person_id = $2 AND NOT EXISTS (
  SELECT FROM alert_attempts e LEFT JOIN attempts t ON t.id = e.attempt_id LEFT JOIN sign_in_answers n ON n.attempt_id = e.attempt_id
  WHERE e.alert_id = o.id AND n.answer IS DISTINCT FROM 'mine' AND (t.outcome = 'success' OR NOT EXISTS (
    SELECT FROM alert_attempts s JOIN attempts own ON own.id = s.attempt_id WHERE s.alert_id = $1 AND own.ip = t.ip)))`;

/**
 * Resolves an alert as benign once its person confirmed every sign-in of it. One that grew meanwhile stays open, and so does one that
 * is part of an attack: who reads the person's mail must not close that. Failures before such a sign-in are closed with it.
 */
export async function closeConfirmedAlert(tx: EntityManager, alertId: string, personId: string): Promise<void> {
  const [closed] = await tx.query<[{ id: string }[], number]>(
    `UPDATE alerts SET status = 'resolved', verdict = 'benign', resolved_at = now()
     WHERE id IN (${together}) AND status NOT IN ('resolved', 'closed')
       AND NOT EXISTS (SELECT FROM alerts m WHERE m.id IN (${together}) AND (m.merged_into IS NOT NULL OR m.status IN ('resolved', 'closed')))
       AND NOT EXISTS (SELECT FROM alerts m WHERE m.merged_into IN (${together}))
       AND NOT EXISTS (SELECT FROM alerts o WHERE o.id IN (${together}) AND o.id <> $1 AND NOT (${isExplained}))
       AND NOT EXISTS (
         SELECT FROM alert_attempts e LEFT JOIN sign_in_answers n ON n.attempt_id = e.attempt_id
         WHERE e.alert_id = $1 AND n.answer IS DISTINCT FROM 'mine') RETURNING id`,
    [alertId, personId],
  );
  for (const { id } of closed) {
    await tx.query(`INSERT INTO alert_events (alert_id, kind, person_id, note) VALUES ($1, 'resolved', $2, $3)`, [
      id,
      personId,
      'Answered by mail: it was me.',
    ]);
    await notify(tx, 'alert_changed', { alertId: id });
  }
}
