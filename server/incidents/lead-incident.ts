import type { EntityManager } from 'typeorm';

/** Once the alert that stands for an incident is resolved alone, one that is still open stands for it: nothing open is out of sight. */
export async function leadIncident(tx: EntityManager, alertId: string): Promise<void> {
  await tx.query(
    `UPDATE incidents i SET lead_id = o.id FROM alerts l, LATERAL (
       SELECT a.id FROM alerts a WHERE a.incident_id = l.incident_id AND a.status NOT IN ('resolved', 'closed') ORDER BY a.number LIMIT 1) o
     WHERE l.id = $1 AND i.id = l.incident_id AND i.lead_id = l.id AND l.status IN ('resolved', 'closed')`,
    [alertId],
  );
}
