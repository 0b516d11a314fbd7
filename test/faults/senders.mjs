import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '../support/connection.mjs';

const SENDERS = 4;
/** The limit of a JSON array (server/contracts/attempts.ts); larger batches would only go as NDJSON. */
const BATCH_MAX = 500;
const RETRY_AFTER_MS = 50;
/** A request that hangs longer is given up and sent again. */
const ANSWER_LIMIT_MS = 15_000;

/** Cuts attempts into batches of 1 to 500. @returns {{ name: string, attempts: object[] }[]} */
export function cutIntoBatches(attempts, round, random) {
  const batches = [];
  for (let start = 0; start < attempts.length;) {
    // As many small ones as large ones, so that also single attempts are in the hands of what gets killed.
    const size = random.chance(0.5) ? random.between(1, 20) : random.between(21, BATCH_MAX);
    batches.push({ name: `${round}/${batches.length}`, attempts: attempts.slice(start, start + size) });
    start += size;
  }
  return batches;
}

/**
 * Sends batches over several connections as a careful client does: what is not acknowledged is sent again with the same ids,
 * until it is.
 * @param {{ url: string, key: string, ledger: import('./ledger.mjs').Ledger }} to
 * @param {ReturnType<typeof cutIntoBatches>} batches
 */
export async function sendAll(to, batches) {
  const counts = { retries: 0 };
  const queue = [...batches];
  await Promise.all(
    Array.from({ length: SENDERS }, async () => {
      const connection = new Connection(to.url);
      for (let batch = queue.shift(); batch; batch = queue.shift()) {
        await to.ledger.willSend(
          batch.name,
          batch.attempts.map(({ id, subject, outcome, ip }) => ({ id, subject, outcome, ip })),
        );
        while (!(await isAcknowledged(connection, to.key, batch.attempts))) {
          counts.retries += 1;
          await wait(RETRY_AFTER_MS);
        }
        await to.ledger.acknowledged(batch.name);
      }
      connection.close();
    }),
  );
  return counts;
}

/** @throws when the answer is one that sending again would not change */
async function isAcknowledged(connection, key, attempts) {
  const limit = setTimeout(() => connection.close(), ANSWER_LIMIT_MS);
  try {
    const { status, body } = await connection.sendJson('POST', '/api/v1/attempts', attempts, {
      authorization: `Bearer ${key}`,
    });
    if (status === 429 || status >= 500) return false;
    if (status !== 202) throw new UnexpectedAnswer(`A batch got ${status}: ${body}`);
    const { recorded, duplicates } = JSON.parse(body);
    if (recorded + duplicates !== attempts.length)
      throw new UnexpectedAnswer(`Of ${attempts.length} attempts the answer counts others: ${body}`);
    return true;
  } catch (error) {
    if (error instanceof UnexpectedAnswer) throw error;
    // No connection, or none any more: the answer is unknown, which is what the ids are for.
    return false;
  } finally {
    clearTimeout(limit);
  }
}

class UnexpectedAnswer extends Error {}
