import type { Role } from '../contracts/people.js';
import type { Queryable } from '../platform/database/data-source.js';
import { Refusal } from '../platform/errors.js';

/** Levels that are looked at, upwards and downwards; more than any company has. */
const DEPTH_MAX = 20;

/** Roles that may act for the people who report to them. Auditors change nothing. */
export const leadingRoles = ['manager', 'analyst', 'admin'] as const satisfies readonly Role[];

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
     WHERE p.id <> $1 AND p.role = ANY($2) AND p.disabled_at IS NULL AND NOT p.simulated ORDER BY depth`,
    [personId, leadingRoles],
  );
  return rows.map(({ id }) => id);
}

/**
 * Everybody below the person in $1, on all levels, as the table `below`; it begins a statement. Where people report to each other in a
 * circle it ends by its depth, and nobody is below themselves.
 */
export const withBelow = `
  WITH RECURSIVE levels (id, depth) AS (
    SELECT id, 1 FROM people WHERE manager_id = $1
    UNION SELECT p.id, depth + 1 FROM levels JOIN people p ON p.manager_id = levels.id WHERE depth < ${DEPTH_MAX}),
  below AS (SELECT DISTINCT id FROM levels WHERE id <> $1)`;

/**
 * Makes sure that a person reports to a manager, directly or through others, right now. Whoever does not is as good as not there.
 * @throws Refusal `not_found`
 */
export async function requireReport(database: Queryable, managerId: string, personId: string): Promise<void> {
  if (!(await reportingLine(database, personId)).includes(managerId)) throw new Refusal('not_found');
}

/** Whether anybody reports to this person. */
export async function hasReports(database: Queryable, personId: string): Promise<boolean> {
  const rows = await database.query<unknown[]>('SELECT FROM people WHERE manager_id = $1 AND id <> $1 LIMIT 1', [
    personId,
  ]);
  return rows.length > 0;
}
