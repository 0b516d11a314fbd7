import type { DataSource } from 'typeorm';
import type { AttemptFilter } from '../../contracts/attempts.js';

/** Names of people by id; who is gone has none. */
export async function namesOfPeople(database: DataSource, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await database.query<{ id: string; name: string }[]>('SELECT id, name FROM people WHERE id = ANY($1)', [
    ids,
  ]);
  return new Map(rows.map(({ id, name }) => [id, name]));
}

/** What networks are called, as the newest attempt from each has it. */
export async function namesOfNetworks(
  database: DataSource,
  numbers: readonly string[],
): Promise<Map<string, string | null>> {
  const rows = await database.query<{ asn: string; organisation: string | null }[]>(
    `SELECT n.asn::text, latest.organisation FROM unnest($1::bigint[]) AS n (asn) CROSS JOIN LATERAL (
       SELECT organisation FROM attempts WHERE asn = n.asn ORDER BY occurred_at DESC LIMIT 1) AS latest`,
    [numbers],
  );
  return new Map(rows.map(({ asn, organisation }) => [asn, organisation]));
}

/** Open sessions, narrowed by what sessions have. */
export async function countOpenSessions(
  database: DataSource,
  { person, ip, country, asn }: Pick<AttemptFilter, 'person' | 'ip' | 'country' | 'asn'>,
): Promise<number> {
  const [row] = await database.query<{ n: number }[]>(
    `SELECT count(*)::int AS n FROM sessions WHERE ended_at IS NULL AND ($1::uuid IS NULL OR person_id = $1) AND ($2::inet IS NULL OR ip = $2)
       AND ($3::text IS NULL OR place->>'country' = $3) AND ($4::bigint IS NULL OR (network->>'asn')::bigint = $4)`,
    [person ?? null, ip ?? null, country ?? null, asn ?? null],
  );
  return row?.n ?? 0;
}
