import { randomUUID } from 'node:crypto';
import type { Queryable } from '../platform/database/data-source.js';

/** Gatehouse's own sign-in is an application like any other, made at first need. @returns its id */
export async function ownApplicationId(database: Queryable): Promise<string> {
  await database.query(
    `INSERT INTO applications (id, name, name_key, kind) VALUES ($1, 'Gatehouse', 'gatehouse', 'gatehouse') ON CONFLICT (name_key) DO NOTHING`,
    [randomUUID()],
  );
  const [row] = await database.query<{ id: string }[]>("SELECT id FROM applications WHERE name_key = 'gatehouse'");
  if (!row) throw new Error('The own application could not be made.');
  return row.id;
}
