import type { Gatehouse } from './gatehouse.js';

/** Every row of every table as text, bytes too, as whoever steals the database reads it. */
export async function dumpOf({ database }: Gatehouse): Promise<string> {
  const tables = await database.query<{ name: string }[]>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
  );
  const rows: string[] = [];
  for (const { name } of tables)
    rows.push(
      ...(await database.query<{ row: string }[]>(`SELECT t::text AS row FROM ${name} t`)).map(({ row }) => row),
    );
  return rows.join('\n');
}

/** The ways in which a secret could stand in a dump: as it is, in bytes written as hexadecimal, and in Base64. */
export const spellings = (secret: string): string[] => {
  const bytes = Buffer.from(secret);
  return [secret, bytes.toString('hex'), bytes.toString('base64').replace(/=+$/, ''), bytes.toString('base64url')];
};
