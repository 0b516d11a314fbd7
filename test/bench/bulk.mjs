import { Connection } from '../support/connection.mjs';
import { Body } from './bodies.mjs';
import { processorTime, usedBetween } from './processor-time.mjs';

const LINES = 2_000;
const CONNECTIONS = 4;
/** Bodies prepared, which are 32,000 different sign-ins. */
const BODIES = 16;

/**
 * The load: attempts in bulk over several connections, each sending its next request when the one before is answered, and counted
 * only when all of them are scored rows.
 */
export class BulkLoad {
  /**
   * @param {import('../support/installation.mjs').Installation} installation
   * @param {string} key with `attempts:write`
   * @param {ReturnType<typeof import('./company.mjs').makeCompany>} company
   * @param {ConstructorParameters<typeof Body>[2]} from
   */
  constructor(installation, key, company, from) {
    const prepare = (nextAttempt) => Array.from({ length: BODIES }, () => new Body(nextAttempt, LINES, from));
    this.installation = installation;
    this.key = key;
    this.bodies = prepare(company.nextAttempt);
    this.history = prepare(company.nextSignIn);
  }

  /** Lets the installation get to know its people, at least with so many sign-ins, before anything is measured. */
  async warmUp(seconds, leastRows) {
    for (let rows = 0; rows < leastRows; rows += (await this.run(seconds, this.history)).rows);
  }

  /**
   * Sends for so long, then waits for the inbox to be empty.
   * @param {number} seconds
   * @param {Body[]} bodies
   * @returns rows that are scored, the time until the last of them was, and processor time by side
   */
  async run(seconds, bodies = this.bodies) {
    const rowsBefore = await this.installation.withDatabase(countRows);
    const before = await processorTime(this.installation);
    const started = performance.now();
    const deadline = started + seconds * 1_000;
    const sent = await Promise.all(Array.from({ length: CONNECTIONS }, () => this.#sendUntil(deadline, bodies)));
    const sentAfter = (performance.now() - started) / 1_000;
    await this.installation.untilDrained();
    const elapsed = (performance.now() - started) / 1_000;
    const after = await processorTime(this.installation);
    const acknowledged = sent.reduce((sum, each) => sum + each.recorded, 0);
    const rows = (await this.installation.withDatabase(countRows)) - rowsBefore;
    if (rows !== acknowledged) throw new Error(`${acknowledged} attempts were acknowledged and ${rows} were scored.`);
    return {
      rows,
      seconds: elapsed,
      /** The answers alone; the rest of the time the last ones were scored. */
      acceptedSeconds: sentAfter,
      refusals: sent.reduce((sum, each) => sum + each.refusals, 0),
      cpu: usedBetween(before, after),
    };
  }

  async #sendUntil(deadline, bodies) {
    const connection = new Connection(this.installation.urls[0]);
    const counts = { recorded: 0, refusals: 0 };
    while (performance.now() < deadline) {
      const body = bodies.shift();
      const bytes = body.renew();
      const head = connection.head('POST', '/api/v1/attempts', {
        authorization: `Bearer ${this.key}`,
        'content-type': 'application/x-ndjson',
        'content-length': bytes.length,
      });
      for (;;) {
        const { status, retryAfterMs, body: answer } = await connection.send(head, bytes);
        if (status === 202) {
          counts.recorded += readAnswer(answer);
          break;
        }
        // Told to come back later, as every sender is when scoring is too far behind.
        if (status !== 429 && status !== 503) throw new Error(`The load got ${status}: ${answer}`);
        counts.refusals += 1;
        await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
      }
      bodies.push(body);
    }
    connection.close();
    return counts;
  }
}

/** All lines have to be new and valid; otherwise this measures something else than it says. */
function readAnswer(answer) {
  const { recorded, duplicates, rejected } = JSON.parse(answer);
  if (recorded !== LINES)
    throw new Error(`Of ${LINES} new attempts ${duplicates} counted as repeated: ${JSON.stringify(rejected[0])}`);
  return recorded;
}

const countRows = async (client) => {
  const { rows } = await client.query('SELECT count(*)::int AS count FROM attempts');
  return rows[0].count;
};
