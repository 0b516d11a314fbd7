import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { PoolClient } from 'pg';
import type { NewAttempt } from '../contracts/attempts.js';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** An attempt that was accepted: its id is fixed now, so that its answer, its frames and its row agree. */
export type AcceptedAttempt = Omit<NewAttempt, 'id' | 'ip'> & {
  attemptId: string;
  ip: string;
  applicationId: string;
  receivedAt: number;
};

/** An inbox row as scoring takes it out. */
export type InboxRow = { sequence: string; attempts: number; crashes: number; payload: Buffer; receivedAt: Date };

/** Largest unpacked payload; far above what one flush can hold, and a stop for a damaged one. */
const UNPACKED_MAX = 64 * 1024 * 1024;

/** Level 1: the payload lives for milliseconds, so speed counts and size hardly does. */
export const packAttempts = (attempts: readonly AcceptedAttempt[]): Promise<Buffer> =>
  deflate(JSON.stringify(attempts), { level: 1 });

export async function unpackAttempts(payload: Buffer): Promise<AcceptedAttempt[]> {
  const text = await inflate(payload, { maxOutputLength: UNPACKED_MAX });
  return JSON.parse(text.toString('utf8')) as AcceptedAttempt[];
}

/**
 * Claims identities for attempts, in the transaction of the caller.
 * @param keys 128-bit hashes as hex, sorted: two flushes that share some must lock them in one order
 * @returns the keys that were taken before
 */
export async function claimKeys(client: PoolClient, keys: readonly string[]): Promise<Set<string>> {
  const { rows } = await client.query<{ key: string }>({
    name: 'claim-keys',
    text: `WITH asked AS (SELECT unnest($1::uuid[]) AS key),
      claimed AS (INSERT INTO attempt_keys (key, received_on) SELECT key, current_date FROM asked ON CONFLICT DO NOTHING RETURNING key)
      SELECT replace(key::text, '-', '') AS key FROM asked WHERE NOT EXISTS (SELECT FROM claimed WHERE claimed.key = asked.key)`,
    values: [`{${keys.join(',')}}`],
  });
  return new Set(rows.map((row) => row.key));
}

export async function putIntoInbox(client: PoolClient, attempts: number, payload: Buffer, crashes = 0): Promise<void> {
  await client.query({
    name: 'put-into-inbox',
    text: 'INSERT INTO attempt_inbox (attempts, payload, crashes) VALUES ($1, $2, $3)',
    values: [attempts, payload, crashes],
  });
}

/** The oldest rows that are not in the hands of this lane already. Identity values commit out of order, so a cursor would skip some. */
export async function takeFromInbox(
  client: PoolClient,
  inFlight: readonly string[],
  limit: number,
): Promise<InboxRow[]> {
  const { rows } = await client.query<InboxRow>({
    name: 'take-from-inbox',
    text: `SELECT sequence, attempts, crashes, payload, received_at AS "receivedAt" FROM attempt_inbox WHERE sequence <> ALL($1::bigint[]) ORDER BY sequence LIMIT $2`,
    values: [inFlight, limit],
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
