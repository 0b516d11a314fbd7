import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '../support/connection.mjs';
import { seededRandom } from '../support/seeded-random.mjs';
import { percentile } from '../bench/statistics.mjs';

/** Failures of one address within ten minutes that raise an alert (policy of detection: bruteForceSource.failures). */
const THRESHOLD = 5;
/** How long the last probe may take to appear, in milliseconds. */
const PATIENCE_MS = 3_000;

/** Sends attempts of its own beside the load, and remembers when. */
export class Probes {
  #random = seededRandom(11);

  /** @param {string} url @param {string} key @param {{ clock: import('../bench/source-clock.mjs').SourceClock }} from */
  constructor(url, key, { clock }) {
    this.connection = new Connection(url);
    this.key = key;
    this.clock = clock;
  }

  close() {
    this.connection.close();
  }

  /**
   * From the sending of an attempt to its row on the screen; of a flood only some rows are sent, so the others are only counted.
   * @param {import('./watched-page.mjs').WatchedPage} watched @param {number} count
   */
  async toRow(watched, count) {
    await watched.noteTexts('[data-position]', /probe-\d+-row/);
    return this.#time(watched, count, async (index) => {
      const subject = `probe-${index}-row`;
      const at = Date.now();
      await this.#record([{ subject, outcome: 'success', ip: '84.112.7.7', factor: 'password' }], subject);
      return [subject, at];
    });
  }

  /**
   * From the sending of the attempt that crosses a threshold to the alert in the inbox.
   * @param {import('./watched-page.mjs').WatchedPage} watched @param {number} count
   */
  async toAlert(watched, count) {
    await watched.noteTexts('[data-alert]', /\d+\.\d+\.\d+\.201/);
    return this.#time(watched, count, async (index) => {
      const ip = `${60 + (index % 24)}.${40 + Math.floor(index / 24)}.${1 + index}.201`;
      const guesses = Array.from({ length: THRESHOLD }, () => ({
        subject: `admin-${index}`,
        outcome: 'failure',
        reason: 'wrong_password',
        ip,
      }));
      await this.#record(guesses.slice(0, -1), `guess-${index}`);
      await wait(100);
      const at = Date.now();
      await this.#record(guesses.slice(-1), `last-guess-${index}`);
      return [ip, at];
    });
  }

  async #time(watched, count, send) {
    const sent = [];
    for (let index = 0; index < count; index += 1) {
      sent.push(await send(index));
      // Not in step with frames and drawings.
      await wait(this.#random.between(150, 400));
    }
    await wait(PATIENCE_MS);
    const seen = await watched.seenTexts();
    const latencies = sent.flatMap(([text, at]) => (seen.has(text) ? [seen.get(text) - at] : []));
    if (latencies.length === 0) throw new Error(`None of ${count} probes came to the screen.`);
    return { p95Ms: percentile(latencies, 0.95), shown: latencies.length, sent: count };
  }

  async #record(attempts, name) {
    const begun = this.clock.next();
    const records = attempts.map((attempt, index) => ({
      ...attempt,
      id: `${name}-${index}`,
      occurredAt: new Date(begun + index).toISOString(),
    }));
    const { status, body } = await this.connection.sendJson('POST', '/api/v1/attempts', records, {
      authorization: `Bearer ${this.key}`,
    });
    if (status !== 202 || JSON.parse(body).recorded !== records.length)
      throw new Error(`A probe got ${status}: ${body}`);
  }
}
