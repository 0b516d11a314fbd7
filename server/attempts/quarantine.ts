import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import { withConnection } from '../platform/database/data-source.js';
import { attemptsIn, type InboxRow, putBackIntoInbox, removeFromInbox } from './inbox.js';

/** Crashes that an inbox row was part of before it is taken apart. One can be bad luck. */
export const CRASHES_MAX = 2;
/** Parts a suspected row is split into: 5,000 attempts are down to one in four rounds. */
const PARTS = 16;

/** What can't be scored, set aside for a person to look at: nothing is dropped, and nothing behind it waits. */
export type Unscorable = { sequence: string; payload: string; error: string };

export async function setAside(client: PoolClient, unscorable: readonly Unscorable[]): Promise<void> {
  for (const { sequence, payload, error } of unscorable) {
    await client.query('INSERT INTO quarantined_attempts (inbox_sequence, payload, error) VALUES ($1, $2, $3)', [
      sequence,
      payload,
      error.slice(0, 2_000),
    ]);
  }
}

/** Counts a crash against the rows that were being worked on. */
export async function blame(database: DataSource, sequences: readonly string[]): Promise<void> {
  await database.query('UPDATE attempt_inbox SET crashes = crashes + 1 WHERE sequence = ANY($1::bigint[])', [
    sequences,
  ]);
}

/** Splits a row that keeps ending the worker, so that the good attempts in it can go on. @returns false when it is one attempt alone */
export async function splitRow(database: DataSource, row: InboxRow): Promise<boolean> {
  const attempts = attemptsIn(row);
  if (attempts.length <= 1) return false;
  const size = Math.ceil(attempts.length / PARTS);
  await withConnection(database, async (client) => {
    await client.query('BEGIN');
    try {
      if ((await removeFromInbox(client, [row.sequence])) === 1) {
        for (let start = 0; start < attempts.length; start += size) {
          await putBackIntoInbox(client, attempts.slice(start, start + size), CRASHES_MAX - 1);
        }
      }
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    }
  });
  return true;
}
