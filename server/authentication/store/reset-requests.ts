import type { DataSource, EntityManager } from 'typeorm';

export type ResetRequestRow = { emailKey: string; ip: string; client: string; requestedAt: Date };

/** One statement, whether the address is known or not: what follows is the worker's. */
export async function insertResetRequest(
  database: DataSource,
  request: Omit<ResetRequestRow, 'requestedAt'>,
): Promise<void> {
  await database.query(
    `WITH asked AS (INSERT INTO reset_requests (email_key, ip, client) VALUES ($1, $2, $3))
     SELECT pg_notify('password_reset_requested', '{}')`,
    [request.emailKey, request.ip, request.client],
  );
}

/** Takes one request out; it is gone when the transaction commits. */
export async function takeResetRequest(tx: EntityManager): Promise<ResetRequestRow | undefined> {
  const [rows] = await tx.query<[ResetRequestRow[], number]>(
    `DELETE FROM reset_requests WHERE id = (SELECT id FROM reset_requests ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)
     RETURNING email_key AS "emailKey", host(ip) AS ip, client, requested_at AS "requestedAt"`,
  );
  return rows[0];
}

/** Whose main or confirmed further address this is, if they may sign in. */
export async function findByAnyAddress(
  tx: EntityManager,
  emailKey: string,
): Promise<{ id: string; address: string } | undefined> {
  const [row] = await tx.query<{ id: string; address: string }[]>(
    `SELECT p.id, coalesce(a.address, p.email) AS address FROM people p
     LEFT JOIN person_addresses a ON a.person_id = p.id AND a.address_key = $1 AND a.confirmed_at IS NOT NULL
     WHERE p.disabled_at IS NULL AND NOT p.simulated
       AND (a.id IS NOT NULL OR EXISTS (SELECT FROM person_identifiers i WHERE i.person_id = p.id AND i.kind = 'email' AND i.value = $1))
     LIMIT 1`,
    [emailKey],
  );
  return row;
}
