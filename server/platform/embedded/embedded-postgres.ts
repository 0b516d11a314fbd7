import { mkdir, rename } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { Client } from 'pg';
import { findBinaries } from './binaries.js';
import { ROLE, clusterExists, createCluster } from './cluster.js';
import { EmbeddedPostgresError, explain } from './embedded-error.js';
import { type Placement, place } from './placement.js';
import { type Postmaster, clearLeftovers, startPostmaster, stopPostmaster, stopWithUs } from './postmaster.js';
import { type EmbeddedSettings, newPassword, readSettings, writeSettings } from './settings-file.js';
import { serverSettings } from './tuning.js';

export type EmbeddedPostgres = {
  /** For DATABASE_URL; holds the password. */
  url: string;
  /** Settles when PostgreSQL has ended, wanted or not. */
  exited: Promise<void>;
  /** Stops it cleanly; resolves when it has gone. */
  stop: () => Promise<void>;
};

export type EmbeddedOptions = {
  dataDir: string;
  /** Told in one line what takes time and what lands in an unexpected place. */
  say: (line: string) => void;
  /** false: nothing waits for the disk, for tests. Default true. */
  durable?: boolean;
};

/**
 * Starts the PostgreSQL that comes with Gatehouse on this data folder, making its database at the first start.
 * The caller makes sure that no second Gatehouse uses the folder at the same time.
 * @throws EmbeddedPostgresError with one sentence
 */
export async function startEmbeddedPostgres(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const dataDir = resolve(options.dataDir);
  try {
    await mkdir(dataDir, { recursive: true });
    const { placement, settings } = await prepare(dataDir, options);
    await clearLeftovers(placement, options.say);
    const { postmaster, port } = await startOnSomePort(placement, settings.port, dataDir, options.durable ?? true);
    await writeSettings(dataDir, { ...settings, port });
    const release = stopWithUs(placement, postmaster.pid);
    await ensureDatabase(port, settings.password);
    const stop = async (): Promise<void> => {
      await stopPostmaster(placement, postmaster.pid);
      release();
    };
    return { url: addressOf(port, settings.password), exited: postmaster.exited, stop };
  } catch (error) {
    if (error instanceof EmbeddedPostgresError) throw error;
    throw explain('The database did not start', (error as Error).message, dataDir);
  }
}

/** Everything before the start: where it goes, as whom, with which password, and the cluster itself. */
async function prepare(
  dataDir: string,
  { say, durable = true }: EmbeddedOptions,
): Promise<{ placement: Placement; settings: EmbeddedSettings }> {
  const binaries = await findBinaries();
  const known = await readSettings(dataDir);
  const placement = await place(binaries, dataDir, known?.clusterFolder, say);
  const found = await clusterExists(placement);
  const exists = found && (known !== undefined || !(await setAside(placement.clusterFolder, dataDir, say)));
  const settings = { port: 0, password: newPassword(), ...known, clusterFolder: placement.clusterFolder };
  if (!exists) {
    say('Creating the database …');
    // The password is on disk before the cluster that knows it: a crash in between loses nothing.
    await writeSettings(dataDir, { port: 0, password: settings.password });
    await createCluster(placement, settings.password, durable);
    await writeSettings(dataDir, settings);
  }
  return { placement, settings };
}

/**
 * A cluster without its settings, hence without its password. Outside the data folder it is what a removed data folder
 * left behind: it makes room, but it is not ours to delete.
 * @throws EmbeddedPostgresError when it lies inside the data folder, where only the settings file was lost
 */
async function setAside(clusterFolder: string, dataDir: string, say: (line: string) => void): Promise<true> {
  if (clusterFolder.startsWith(dataDir)) {
    throw new EmbeddedPostgresError(
      `${join(dataDir, 'postgres.json')} is missing, and it holds the password of the database in ${clusterFolder}: put it back.`,
    );
  }
  const aside = `${clusterFolder}.removed-${new Date().toISOString().replace(/[:.]/g, '-')}`;
  await rename(clusterFolder, aside);
  say(`The data folder is new; the database that an earlier one left is now ${aside}: remove it if nobody needs it.`);
  return true;
}

async function startOnSomePort(
  placement: Placement,
  lastPort: number,
  dataDir: string,
  durable: boolean,
): Promise<{ postmaster: Postmaster; port: number }> {
  const logFile = join(dataDir, 'postgres-start.log');
  let port = lastPort === 0 ? await freePort() : lastPort;
  // Ten seconds for what a crash left to end; another program may also snatch a free port a few times.
  for (let attempt = 0; attempt < 20; attempt += 1) {
    const outcome = await startPostmaster(placement, serverSettings(port, durable), logFile);
    if (typeof outcome === 'object') return { postmaster: outcome, port };
    if (outcome === 'port-taken') port = await freePort();
    else await new Promise((done) => setTimeout(done, 500));
  }
  throw new EmbeddedPostgresError(
    `Processes of an earlier PostgreSQL still hold ${placement.clusterFolder}: end them, then start again.`,
  );
}

function freePort(): Promise<number> {
  return new Promise((done, fail) => {
    const probe = createServer();
    probe.once('error', fail);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => done(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

const addressOf = (port: number, password: string, database = ROLE): string =>
  `postgres://${ROLE}:${password}@127.0.0.1:${port}/${database}`;

async function ensureDatabase(port: number, password: string): Promise<void> {
  const client = new Client({ connectionString: addressOf(port, password, 'postgres') });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [ROLE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${ROLE}`);
  } finally {
    await client.end();
  }
}
