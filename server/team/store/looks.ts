import type { EntityManager } from 'typeorm';
import type { Look } from '../../contracts/team.js';
import type { Queryable } from '../../platform/database/data-source.js';

/** How long people see who looked; the audit log keeps it longer. */
const SHOWN_DAYS = 90;
const SHOWN_MAX = 50;

type NewLook = { personId: string; by: { id: string; name: string }; reason: string; minutes: number };

export async function keepLook(tx: EntityManager, { personId, by, reason, minutes }: NewLook): Promise<Date> {
  const [row] = await tx.query<{ until: Date }[]>(
    `INSERT INTO detail_looks (person_id, by_id, by_name, reason, until) VALUES ($1, $2, $3, $4, now() + make_interval(mins => $5)) RETURNING until`,
    [personId, by.id, by.name, reason, minutes],
  );
  if (!row) throw new Error('The look was not kept.');
  return row.until;
}

export async function readLooks(database: Queryable, personId: string): Promise<Look[]> {
  const rows = await database.query<{ by: string; reason: string; at: Date }[]>(
    `SELECT by_name AS by, reason, at FROM detail_looks WHERE person_id = $1 AND at > now() - interval '${SHOWN_DAYS} days' ORDER BY at DESC LIMIT ${SHOWN_MAX}`,
    [personId],
  );
  return rows.map(({ at, ...look }) => ({ ...look, at: at.toISOString() }));
}

/** Forgets what nobody is shown any more. */
export async function forgetLooks(database: Queryable): Promise<void> {
  await database.query(`DELETE FROM detail_looks WHERE at < now() - interval '${SHOWN_DAYS} days'`);
}
