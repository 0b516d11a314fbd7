import type { EntityManager } from 'typeorm';
import { notify } from '../platform/database/listener.js';

/** Writes what the person concerned said about an attempt on every alert that counts it as evidence. */
export async function noteOnAlerts(
  tx: EntityManager,
  attemptId: string,
  { kind, personId }: { kind: 'confirmed' | 'disowned'; personId: string },
): Promise<void> {
  const noted = await tx.query<{ alert_id: string }[]>(
    `INSERT INTO alert_events (alert_id, kind, person_id) SELECT alert_id, $2, $3 FROM alert_attempts WHERE attempt_id = $1 RETURNING alert_id`,
    [attemptId, kind, personId],
  );
  for (const { alert_id: alertId } of noted) await notify(tx, 'alert_changed', { alertId });
}
