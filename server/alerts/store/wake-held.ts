import type { PoolClient } from 'pg';

/**
 * Brings back what was put off, as something new joined it: these alerts, and all of these incidents. In the scoring transaction, which has locked
 * both.
 * @returns the alerts that came back
 */
export async function wakeHeld(
  client: PoolClient,
  { alerts, incidents }: { alerts: readonly string[]; incidents: readonly string[] },
): Promise<string[]> {
  if (alerts.length + incidents.length === 0) return [];
  const { rows } = await client.query<{ id: string }>({
    name: 'wake-held',
    text: `UPDATE alerts SET status = CASE WHEN assignee_id IS NULL THEN 'new' ELSE 'in_progress' END, held_until = NULL, held_attempts = NULL
      WHERE status = 'on_hold' AND (id = ANY($1) OR incident_id = ANY($2)) RETURNING id`,
    values: [alerts, incidents],
  });
  if (rows.length > 0)
    await client.query(
      `INSERT INTO alert_events (alert_id, kind, note) SELECT unnest($1::uuid[]), 'returned', 'New evidence'`,
      [rows.map(({ id }) => id)],
    );
  return rows.map(({ id }) => id);
}
