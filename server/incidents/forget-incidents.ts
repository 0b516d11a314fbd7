import type { DataSource, EntityManager } from 'typeorm';

/** After alerts were removed: incidents without any go as well, and in the others the first one left stands for them. */
export async function forgetIncidents(database: DataSource | EntityManager): Promise<void> {
  await database.query('DELETE FROM incidents i WHERE NOT EXISTS (SELECT FROM alerts a WHERE a.incident_id = i.id)');
  await database.query(
    `UPDATE incidents i SET lead_id = (SELECT a.id FROM alerts a WHERE a.incident_id = i.id ORDER BY a.number LIMIT 1)
     WHERE NOT EXISTS (SELECT FROM alerts l WHERE l.id = i.lead_id)`,
  );
}
