import type { PoolClient } from 'pg';
import { type AcceptedAttempt, packAttempts, unpackAttempts } from './domain/packed-attempts.js';

/** An inbox row as scoring takes it out; `payload` is what `packAttempts` made, `duplicates` what of it doesn't count. */
export type InboxRow = {
  sequence: string;
  attempts: number;
  crashes: number;
  payload: string;
  duplicates: number[];
  receivedAt: Date;
};

/**
 * Claims the identities of attempts and puts those that are new into the inbox, in one statement: both stand or fall together,
 * and one trip to the database is all that a caller waits for.
 * @param keys 128-bit hashes as hex, each once, in the order of the attempts in `payload`
 * @returns positions in `keys`, from 0, of those that were taken before; scoring passes over them
 */
export async function putIntoInbox(client: PoolClient, keys: readonly string[], payload: string): Promise<number[]> {
  const { rows } = await client.query<{ duplicates: number[] }>({
    name: 'put-into-inbox',
    // Sorted, as two flushes that share keys must lock them in one order. Nearly always all are new, and their number tells.
    text: `WITH asked AS (SELECT key, position::int - 1 AS position FROM unnest($1::uuid[]) WITH ORDINALITY AS given (key, position)),
      claimed AS (INSERT INTO attempt_keys (key, received_on) SELECT key, current_date FROM asked ORDER BY key ON CONFLICT DO NOTHING RETURNING key),
      known AS (SELECT CASE WHEN (SELECT count(*) FROM claimed) = cardinality($1::uuid[]) THEN '{}'
        ELSE ARRAY(SELECT position FROM asked WHERE key NOT IN (SELECT key FROM claimed)) END AS duplicates),
      put AS (INSERT INTO attempt_inbox (attempts, payload, duplicates)
        SELECT cardinality($1::uuid[]) - cardinality(duplicates), $2, duplicates FROM known WHERE cardinality(duplicates) < cardinality($1::uuid[]))
      SELECT duplicates FROM known`,
    values: [`{${keys.join(',')}}`, payload],
  });
  return rows[0]?.duplicates ?? [];
}

/** Puts attempts back whose identities were claimed before. */
export async function putBackIntoInbox(
  client: PoolClient,
  attempts: readonly AcceptedAttempt[],
  crashes: number,
): Promise<void> {
  await client.query({
    name: 'put-back-into-inbox',
    text: 'INSERT INTO attempt_inbox (attempts, payload, crashes) VALUES ($1, $2, $3)',
    values: [attempts.length, packAttempts(attempts), crashes],
  });
}

/** The attempts of a row, without those that were recorded before. @throws SyntaxError or TypeError for a damaged payload */
export function attemptsIn({ payload, duplicates }: Pick<InboxRow, 'payload' | 'duplicates'>): AcceptedAttempt[] {
  const attempts = unpackAttempts(payload);
  if (duplicates.length === 0) return attempts;
  const known = new Set(duplicates);
  return attempts.filter((_, position) => !known.has(position));
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
    text: `SELECT sequence, attempts, crashes, payload, duplicates, received_at AS "receivedAt" FROM (
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
