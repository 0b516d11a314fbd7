import type { Queryable } from '../../platform/database/data-source.js';

/** Managers above one another that are looked at; more than any company has. */
const DEPTH_MAX = 20;

/**
 * The managers above a person, nearest first, who may sign in and whose role lets them act. It is read anew each time: who left the
 * line or lost the role is not told, and can't answer.
 */
export async function reportingLine(database: Queryable, personId: string): Promise<string[]> {
  const rows = await database.query<{ id: string }[]>(
    `WITH RECURSIVE line (id, depth, below) AS (
       SELECT manager_id, 1, ARRAY[id] FROM people WHERE id = $1
       UNION ALL SELECT m.manager_id, depth + 1, below || m.id FROM line JOIN people m ON m.id = line.id
         WHERE depth < ${DEPTH_MAX} AND m.manager_id <> ALL(below || m.id))
     SELECT p.id FROM line JOIN people p ON p.id = line.id
     WHERE p.id <> $1 AND p.role IN ('manager', 'analyst', 'admin') AND p.disabled_at IS NULL AND NOT p.simulated ORDER BY depth`,
    [personId],
  );
  return rows.map(({ id }) => id);
}

/** Who is told last: everybody who triages alerts, but not the person whom the alert is about. */
export async function securityStaff(database: Queryable, personId: string): Promise<string[]> {
  const rows = await database.query<{ id: string }[]>(
    `SELECT id FROM people WHERE role IN ('analyst', 'admin') AND id <> $1 AND disabled_at IS NULL AND NOT simulated ORDER BY id`,
    [personId],
  );
  return rows.map(({ id }) => id);
}
