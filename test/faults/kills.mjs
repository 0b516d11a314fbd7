import { setTimeout as wait } from 'node:timers/promises';

/** Kills of a round, at least; they go on while attempts are sent. */
const KILLS_MIN = 4;
/** Soon after a start: hits the start itself, requests on their way, and the rebuilding of a worker. */
const SOON_MAX_MS = 600;
/** After scoring has gone on for a while: hits transactions. */
const SCORING_MAX_MS = 1_500;
/** A takeover takes at most 5 s; on a busy machine a rebuild some more. */
const LANE_LIMIT_MS = 15_000;

/**
 * Kills and starts again, until told to stop. Who and when come from the seed; how far the victims have got at that moment is
 * up to the machine, and that is the point.
 */
export class Kills {
  /** @type {Record<string, number>} */ counts = { server: 0, worker: 0, both: 0, postgres: 0 };
  #stopped = false;
  #done = Promise.resolve();

  /**
   * @param {import('../support/installation.mjs').Installation} installation
   * @param {ReturnType<typeof import('../support/seeded-random.mjs').seededRandom>} random
   */
  constructor(installation, random) {
    this.installation = installation;
    this.random = random;
  }

  /** @param {readonly string[]} targets one of them each time: server, worker, both, postgres */
  start(targets) {
    this.#stopped = false;
    this.#done = this.#run(targets);
    // Whoever calls stop() hears of a failure.
    this.#done.catch(() => {});
  }

  /** Resolves after the least number of kills, when everything runs again. */
  async stop() {
    this.#stopped = true;
    await this.#done;
    await Promise.all(this.#programs().map((program) => program.untilReady()));
  }

  async #run(targets) {
    for (let kills = 0; kills < KILLS_MIN || !this.#stopped; kills += 1) {
      if (this.random.chance(0.5)) await wait(this.random.between(0, SOON_MAX_MS));
      else await this.#whileScoring(this.random.between(0, SCORING_MAX_MS));
      const target = this.random.pick(targets);
      this.counts[target] += 1;
      if (target === 'postgres') await this.#restartPostgres();
      else await this.#restartPrograms(target);
    }
  }

  #programs() {
    return [...this.installation.servers, ...this.installation.workers];
  }

  /** Waits until a worker holds the lane, and then so long. @param {number} ms */
  async #whileScoring(ms) {
    const deadline = Date.now() + LANE_LIMIT_MS;
    await this.installation.withDatabase(async (client) => {
      const held = async () => {
        const { rowCount } = await client.query(
          "SELECT FROM scoring_lane WHERE renewed_at > now() - interval '2 seconds'",
        );
        return rowCount > 0;
      };
      while (!(await held()) && Date.now() < deadline) await wait(20);
    });
    await wait(ms);
  }

  async #restartPostgres() {
    await this.installation.killPostgres();
    await this.installation.startPostgres();
  }

  async #restartPrograms(target) {
    const { servers, workers } = this.installation;
    const victims = { server: servers, worker: workers, both: this.#programs() }[target];
    await Promise.all(victims.map((program) => program.kill()));
    await Promise.all(victims.map((program) => program.start()));
  }
}
