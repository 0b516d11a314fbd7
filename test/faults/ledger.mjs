import { open, readFile } from 'node:fs/promises';

/**
 * What the sender knows, on disk and not in the memory of anything that is being tested: which attempts were handed out, and
 * which of them were acknowledged. The proof is made from this file alone.
 */
export class Ledger {
  /** @type {import('node:fs/promises').FileHandle} */ #file;

  constructor(path, file) {
    this.path = path;
    this.#file = file;
  }

  /** @param {string} path of a file that does not exist yet */
  static async create(path) {
    return new Ledger(path, await open(path, 'ax'));
  }

  /** Before a batch is sent for the first time. @param {string} batch @param {readonly LedgerAttempt[]} attempts */
  async willSend(batch, attempts) {
    await this.#write({ batch, attempts });
  }

  /** After its answer, and before anybody counts it as acknowledged. @param {string} batch */
  async acknowledged(batch) {
    await this.#write({ batch, acknowledged: true });
  }

  close() {
    return this.#file.close();
  }

  async #write(entry) {
    await this.#file.write(`${JSON.stringify(entry)}\n`);
    await this.#file.datasync();
  }
}

/** @typedef {{ id: string, subject: string, outcome: string, ip: string }} LedgerAttempt as much of it as the proof needs */

/**
 * Reads a ledger back.
 * @param {string} path
 * @returns {Promise<Map<string, LedgerAttempt & { acknowledged: boolean }>>} by id
 */
export async function readLedger(path) {
  const attempts = new Map();
  const idsOf = new Map();
  for (const line of (await readFile(path, 'utf8')).split('\n')) {
    if (line === '') continue;
    const entry = JSON.parse(line);
    if (entry.acknowledged) for (const id of idsOf.get(entry.batch)) attempts.get(id).acknowledged = true;
    else {
      idsOf.set(
        entry.batch,
        entry.attempts.map(({ id }) => id),
      );
      for (const attempt of entry.attempts) attempts.set(attempt.id, { ...attempt, acknowledged: false });
    }
  }
  return attempts;
}
