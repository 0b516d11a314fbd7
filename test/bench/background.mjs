import { Connection } from '../support/connection.mjs';
import { Body } from './bodies.mjs';
import { sendOne } from './singles.mjs';

/** Single attempts a second that go on beside what is measured. */
const BACKGROUND_PER_SECOND = 1_000;
const BACKGROUND_CONNECTIONS = 32;
const TICK_MS = 10;

/** Traffic at a fixed rate that does not slow down when answers do. */
export class Background {
  sent = 0;
  #timer;
  #running = new Set();
  #startedAt = 0;
  #failed;

  constructor(url, key, nextAttempt, from) {
    this.key = key;
    this.free = Array.from({ length: BACKGROUND_CONNECTIONS }, () => ({
      connection: new Connection(url),
      body: new Body(nextAttempt, 1, from),
    }));
    this.waiting = 0;
  }

  start() {
    this.#startedAt = performance.now();
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  async stop() {
    clearInterval(this.#timer);
    await Promise.all(this.#running);
    this.achieved = Math.round(this.sent / ((performance.now() - this.#startedAt) / 1_000));
    for (const { connection } of this.free) connection.close();
    if (this.#failed) throw this.#failed;
  }

  #tick() {
    const due = Math.floor(((performance.now() - this.#startedAt) / 1_000) * BACKGROUND_PER_SECOND) - this.sent;
    for (let each = 0; each < due; each += 1) {
      const sender = this.free.pop();
      // All are busy: what is due now is sent by a later tick.
      if (!sender) return;
      this.sent += 1;
      const sending = sendOne(sender.connection, this.key, sender.body)
        .catch((error) => (this.#failed = error))
        .finally(() => {
          this.#running.delete(sending);
          this.free.push(sender);
        });
      this.#running.add(sending);
    }
  }
}
