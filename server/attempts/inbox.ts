import type { PoolClient } from 'pg';

/** An inbox row as scoring takes it out; `payload` is what `packAttempts` made of its attempts. */
export type InboxRow = { sequence: string; attempts: number; crashes: number; payload: string; receivedAt: Date };

/**
 * Claims identities for attempts, in the transaction of the caller.
 * @param keys 128-bit hashes as hex, each once, sorted: two flushes that share some must lock them in one order
 * @returns the keys that were taken before
 */
export async function claimKeys(client: PoolClient, keys: readonly string[]): Promise<Set<string>> {
  const asked = `{${keys.join(',')}}`;
  const { rowCount } = await client.query({
    name: 'claim-keys',
    text: `INSERT INTO attempt_keys (key, received_on) SELECT key, current_date FROM unnest($1::uuid[]) AS key ON CONFLICT DO NOTHING`,
    values: [asked],
  });
  // Nearly always all of them are new, and the number tells; only otherwise it is worth asking which are not.
  return rowCount === keys.length ? new Set() : findForeignKeys(client, asked);
}

/** Those of the keys that were there before this transaction. */
async function findForeignKeys(client: PoolClient, keys: string): Promise<Set<string>> {
  const { rows } = await client.query<{ key: string }>({
    name: 'find-foreign-keys',
    text: `SELECT replace(key::text, '-', '') AS key FROM attempt_keys WHERE key = ANY($1::uuid[]) AND xmin <> pg_current_xact_id()::xid`,
    values: [keys],
  });
  return new Set(rows.map((row) => row.key));
}

export async function putIntoInbox(client: PoolClient, attempts: number, payload: string, crashes = 0): Promise<void> {
  await client.query({
    name: 'put-into-inbox',
    text: 'INSERT INTO attempt_inbox (attempts, payload, crashes) VALUES ($1, $2, $3)',
    values: [attempts, payload, crashes],
  });
}

/**
 * The oldest rows that are not in the hands of this lane already: as many as `attemptsMax` attempts fill, but one at least.
 * Identity values commit out of order, so a cursor would skip some.
 */
export async function takeFromInbox(
  client: PoolClient,
  inFlight: readonly string[],
  { rowsMax, attemptsMax }: { rowsMax: number; attemptsMax: number },
): Promise<InboxRow[]> {
  const { rows } = await client.query<InboxRow>({
    name: 'take-from-inbox',
    text: `SELECT sequence, attempts, crashes, payload, received_at AS "receivedAt" FROM (
        SELECT *, sum(attempts) OVER (ORDER BY sequence) - attempts AS before FROM attempt_inbox
        WHERE sequence <> ALL($1::bigint[]) ORDER BY sequence LIMIT $2) oldest
      WHERE before < $3`,
    values: [inFlight, rowsMax, attemptsMax],
  });
  return rows;
}

/** Takes scored rows out. @returns how many were still there: fewer than asked means that another lane scored them. */
export async function removeFromInbox(client: PoolClient, sequences: readonly string[]): Promise<number> {
  const { rowCount } = await client.query({
    name: 'remove-from-inbox',
    text: 'DELETE FROM attempt_inbox WHERE sequence = ANY($1::bigint[])',
    values: [sequences],
  });
  return rowCount ?? 0;
}

export type Waiting = { waiting: number; oldestSeconds: number };

/** What is accepted and not scored yet. */
export const waitingInInbox = `
  SELECT coalesce(sum(attempts), 0)::int AS waiting, coalesce(extract(epoch FROM clock_timestamp() - min(received_at)), 0)::float8 AS "oldestSeconds" FROM attempt_inbox`;
