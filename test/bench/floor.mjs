import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { from as copyFrom, to as copyTo } from 'pg-copy-streams';
import { cpuSecondsOfTree } from '../support/processes.mjs';

/** Rows in one COPY and one commit, the same as lines in a request of the load. */
const ROWS_PER_COMMIT = 2_000;
/** Batches prepared; all hold different rows. */
const BATCHES = 16;
/** Scored rows that have to be there before the floor is prepared. */
export const ROWS_NEEDED = ROWS_PER_COMMIT * BATCHES;
/** One writer leaves a core idle: two are the fastest on two cores, hence the honest thing to be compared with. */
const WRITERS = 2;

/** Columns with a fixed width when written as below; everything else of a row stays as scoring wrote it. */
const FRONT = ['id', 'occurred_at', 'received_at'];
const ID_CHARACTERS = 36;
const INSTANT_CHARACTERS = 24;

/**
 * The floor: the very rows that scoring wrote, put into the same table (partitions, indexes) in another database of the same
 * cluster by COPY alone, one commit a batch. No product that stores these rows can be faster.
 */
export class Floor {
  /** @param {{ url: string, batches: FloorBatch[], columns: string[], postmaster: number, clock: import('./source-clock.mjs').SourceClock }} from */
  constructor(from) {
    this.from = from;
  }

  /**
   * Takes rows out of the installation that is measured, and makes the database they go to.
   * @param {import('../support/installation.mjs').Installation} installation must hold scored attempts already
   * @param {import('./source-clock.mjs').SourceClock} clock
   */
  static async prepare(installation, clock) {
    const url = await installation.addDatabase('floor');
    const { columns, lines } = await installation.withDatabase(readRows);
    const batches = Array.from({ length: BATCHES }, (_, index) => {
      return new FloorBatch(lines.slice(index * ROWS_PER_COMMIT, (index + 1) * ROWS_PER_COMMIT));
    });
    return new Floor({ url, batches, columns, postmaster: installation.postmaster, clock });
  }

  /** Writes for so long. @param {number} seconds */
  async run(seconds) {
    const clients = await Promise.all(Array.from({ length: WRITERS }, () => this.#connect()));
    const cpuBefore = await this.#cpu();
    const started = performance.now();
    const deadline = started + seconds * 1_000;
    const free = [...this.from.batches];
    let rows = 0;
    await Promise.all(
      clients.map(async (client) => {
        while (performance.now() < deadline) {
          const batch = free.shift();
          await this.#copy(client, batch.renew(this.from.clock));
          free.push(batch);
          rows += ROWS_PER_COMMIT;
        }
      }),
    );
    const elapsed = (performance.now() - started) / 1_000;
    const cpu = (await this.#cpu()) - cpuBefore;
    await Promise.all(clients.map((client) => client.end()));
    return { rows, seconds: elapsed, cpuSeconds: cpu };
  }

  /** PostgreSQL and this process, which is the client of the floor. */
  async #cpu() {
    const { user, system } = process.cpuUsage();
    return (await cpuSecondsOfTree(this.from.postmaster)) + (user + system) / 1e6;
  }

  async #connect() {
    const client = new pg.Client({ connectionString: this.from.url });
    await client.connect();
    return client;
  }

  async #copy(client, bytes) {
    await pipeline(
      Readable.from([bytes]),
      client.query(copyFrom(`COPY attempts (${this.from.columns.join(', ')}) FROM STDIN`)),
    );
  }
}

/** Rows of one COPY as bytes, in which ids and times are written over before each use, as in the bodies of the load. */
class FloorBatch {
  /** @param {readonly string[]} lines */
  constructor(lines) {
    this.bytes = Buffer.from(lines.join(''));
    this.starts = [];
    for (let at = 0; at < this.bytes.length; at = this.bytes.indexOf('\n', at) + 1) this.starts.push(at);
  }

  renew(clock) {
    const received = new Date().toISOString();
    for (const start of this.starts) {
      const ms = Math.floor(clock.next());
      const time = ms.toString(16).padStart(12, '0');
      // Ids begin with their time (UUID version 7); the random rest stays and is unique together with it.
      this.bytes.latin1Write(`${time.slice(0, 8)}-${time.slice(8)}`, start);
      this.bytes.latin1Write(new Date(ms).toISOString(), start + ID_CHARACTERS + 1);
      this.bytes.latin1Write(received, start + ID_CHARACTERS + INSTANT_CHARACTERS + 2);
    }
    return this.bytes;
  }
}

/** Scored rows as lines of COPY's text format, in the order of their times. @param {pg.Client} client */
async function readRows(client) {
  const { rows } = await client.query(
    "SELECT attname AS name FROM pg_attribute WHERE attrelid = 'attempts'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum",
  );
  const rest = rows.map((row) => row.name).filter((name) => !FRONT.includes(name));
  const iso = (column) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const query = `SELECT id, ${iso('occurred_at')}, ${iso('received_at')}, ${rest.join(', ')} FROM attempts
    ORDER BY occurred_at LIMIT ${ROWS_NEEDED}`;
  const copied = await text(client.query(copyTo(`COPY (${query}) TO STDOUT`)));
  return { columns: [...FRONT, ...rest], lines: copied.match(/[^\n]+\n/g) ?? [] };
}
