import type { Queryable } from '../../platform/database/data-source.js';

/** Who is told last: everybody who triages alerts, but not the person whom the alert is about. */
export async function securityStaff(database: Queryable, personId: string): Promise<string[]> {
  const rows = await database.query<{ id: string }[]>(
    `SELECT id FROM people WHERE role IN ('analyst', 'admin') AND id <> $1 AND disabled_at IS NULL AND NOT simulated ORDER BY id`,
    [personId],
  );
  return rows.map(({ id }) => id);
}
