import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { inCheckout } from '../../server/cli/checkout.mjs';
import { parentOf } from './processes.mjs';

/** Where a port is looked for: below those that outgoing connections are given, any of which would keep a server from it. */
const PORTS = { from: 20_000, to: 32_000 };
/** How often another port is tried when one was taken between the look and the start. */
const START_TRIES = 3;
const START_LIMIT_MS = 60_000;
/** A virtual disk that took gigabytes is slow for a while: a write took 3 ms instead of 0.4 for some 8 s. */
const DISK_REST_MS = 12_000;
const STOP_LIMIT_MS = 12_000;
/** The supervisor's first delay after a crash (server/cli/supervised-process.ts). */
const RESTART_AFTER_MS = 500;

/** The administrator of an installation that exists only for a measurement. */
export const administrator = { email: 'ana@example.com', password: 'three green kites over Lisbon' };

/** A module of the build, by its path below dist/. */
export const compiled = (path) => import(new URL(`../../dist/${path}`, import.meta.url));

/** One process of the installation. When it ends by itself it is started again, as the supervisor of `gatehouse start` does. */
export class Program {
  /** Times it ended without being told to. */
  crashes = 0;
  isReady = false;
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  #told = false;

  /** @param {{ name: string, entry: string, env: NodeJS.ProcessEnv, nodeArguments: string[], say: (line: string) => void }} options */
  constructor(options) {
    this.options = options;
  }

  get pid() {
    return this.#child?.pid ?? -1;
  }

  /** Starts it, and resolves when it says that it is ready. */
  async start() {
    const { name, entry, env, nodeArguments } = this.options;
    this.#told = false;
    const child = spawn(
      process.execPath,
      [
        '--enable-source-maps',
        '--max-semi-space-size=32',
        ...nodeArguments,
        inCheckout(`dist/programs/${entry}/main.js`),
      ],
      {
        env,
        // Standard output belongs to the result: log lines go to standard error.
        stdio: ['ignore', process.stderr, process.stderr, 'ipc'],
      },
    );
    this.#child = child;
    child.once('exit', (code, signal) => this.#ended(code, signal));
    const outcome = await Promise.race([
      once(child, 'message').then(() => 'ready'),
      once(child, 'exit').then(() => 'ended'),
      new Promise((resolve) => setTimeout(resolve, START_LIMIT_MS, 'silent').unref()),
    ]);
    if (outcome !== 'ready') throw new Error(`The ${name} did not start: ${outcome}.`);
    this.isReady = true;
  }

  /** Resolves when it runs, if need be after its restart. */
  async untilReady() {
    const deadline = Date.now() + START_LIMIT_MS;
    while (!this.isReady) {
      if (Date.now() > deadline) throw new Error(`The ${this.options.name} did not come back.`);
      await wait(50);
    }
  }

  /** SIGKILL, and resolves when it is gone. */
  async kill() {
    await this.#end('SIGKILL');
  }

  /** Ends it in order, or by force when it takes too long. */
  async stop() {
    await this.#end('SIGTERM');
  }

  #ended(code, signal) {
    this.isReady = false;
    if (this.#told) return;
    this.crashes += 1;
    const { name, say } = this.options;
    say(`the ${name} ended by itself (${signal ?? `code ${code}`}); starting it again`);
    setTimeout(() => {
      if (this.#told) return;
      this.start().catch((error) => say(error.message));
    }, RESTART_AFTER_MS);
  }

  async #end(signal) {
    this.#told = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill(signal);
    const limit = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await gone;
    clearTimeout(limit);
  }
}

/** What of the build an installation runs: to be built before one is started. */
export const INSTALLED_PARTS = ['server', 'workers', 'programs', 'tables'];

/**
 * A Gatehouse as `gatehouse start` makes it (embedded PostgreSQL, server, worker; same programs, same settings), in a folder of
 * its own that goes away with it. It is taken apart here so that its processes can be counted, added to and killed one by one.
 */
export class Installation {
  /** @type {Program[]} */ servers = [];
  /** @type {Program[]} */ workers = [];
  /** @type {string[]} */ urls = [];

  /**
   * @param {string} dataDir
   * @param {(line: string) => void} say
   * @param {string[]} nodeArguments for server and worker
   */
  constructor(dataDir, say, nodeArguments) {
    this.dataDir = dataDir;
    this.say = say;
    this.nodeArguments = nodeArguments;
  }

  /**
   * @param {{ say: (line: string) => void, profileDir?: string | undefined }} options `profileDir` receives a V8 processor
   *   profile of each process when it ends
   */
  static async start({ say, profileDir }) {
    const dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-load-'));
    // PostgreSQL runs as another user where we are root.
    await chmod(dataDir, 0o755);
    const profiling = profileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${profileDir}`];
    const installation = new Installation(dataDir, say, profiling);
    try {
      await installation.startPostgres();
      await installation.migrate(installation.databaseUrl);
      await installation.addServer();
      await installation.addWorker();
      return installation;
    } catch (error) {
      await installation.stop();
      throw error;
    }
  }

  /** Starts the embedded PostgreSQL on the folder, also again after it was killed. */
  async startPostgres() {
    const { startEmbeddedPostgres } = await compiled('server/platform/embedded/embedded-postgres.js');
    this.postgres = await startEmbeddedPostgres({ dataDir: this.dataDir, say: this.say });
    if (this.databaseUrl !== undefined && this.databaseUrl !== this.postgres.url)
      throw new Error('PostgreSQL came back under another address.');
    this.databaseUrl = this.postgres.url;
    this.postmaster = await this.withDatabase(async (client) => {
      const { rows } = await client.query('SELECT pg_backend_pid() AS pid');
      return parentOf(rows[0].pid);
    });
  }

  /** kill -9 of PostgreSQL's main process; its other processes notice and end. */
  async killPostgres() {
    process.kill(this.postmaster, 'SIGKILL');
    await this.postgres.exited;
  }

  /** Makes the schema in a database of this cluster. @param {string} databaseUrl */
  async migrate(databaseUrl) {
    const { createDataSource } = await compiled('server/platform/database/data-source.js');
    const { migrate } = await compiled('server/platform/database/migrate.js');
    const { RETENTION_DAYS_DEFAULT } = await compiled('server/platform/config.js');
    const database = await createDataSource(databaseUrl, 2).initialize();
    try {
      await migrate(database, RETENTION_DAYS_DEFAULT);
    } finally {
      await database.destroy();
    }
  }

  /** A second database in the same cluster, with the same schema. @param {string} name */
  async addDatabase(name) {
    await this.withDatabase((client) => client.query(`CREATE DATABASE ${name}`));
    const url = new URL(this.databaseUrl);
    url.pathname = `/${name}`;
    await this.migrate(url.href);
    return url.href;
  }

  async addServer() {
    for (let tries = 1; ; tries += 1) {
      const port = await freePort();
      const program = this.#program('server', 'server', port);
      // Known before it runs: whoever stops the installation meanwhile must find it.
      this.servers.push(program);
      try {
        await program.start();
      } catch (error) {
        this.servers.pop();
        await program.kill();
        if (tries < START_TRIES && !(await isFree(port))) continue;
        throw new Error(`${error.message} Its port was ${port}; what it said stands above.`);
      }
      this.urls.push(`http://127.0.0.1:${port}`);
      return program;
    }
  }

  async addWorker() {
    const program = this.#program('worker', 'worker', Number(new URL(this.urls[0]).port));
    this.workers.push(program);
    await program.start();
    await this.#untilScoring();
    return program;
  }

  /** Makes an application on the command line. @param {string} name @returns {Promise<{ id: string, key: string }>} */
  async createApplication(name) {
    const child = spawn(
      process.execPath,
      [inCheckout('dist/programs/gatehouse/main.js'), 'app', 'create', name, '--json'],
      {
        env: this.#environment(0),
        stdio: ['ignore', 'pipe', process.stderr],
      },
    );
    return JSON.parse(await text(child.stdout));
  }

  /** Makes one more administrator on the command line. @param {{ name: string, email: string, password: string }} person */
  async createAdministrator({ name, email, password }) {
    const options = ['admin', 'create', '--name', name, '--email', email, '--password-stdin', '--json'];
    const child = spawn(process.execPath, [inCheckout('dist/programs/gatehouse/main.js'), ...options], {
      env: this.#environment(0),
      stdio: ['pipe', 'ignore', process.stderr],
    });
    child.stdin.end(password);
    const [code] = await once(child, 'exit');
    if (code !== 0) throw new Error(`The administrator ${email} could not be created.`);
  }

  /** Waits until the disk has taken what was written so far, or it would be part of what is measured next. */
  async untilSettled() {
    await this.withDatabase((client) => client.query('CHECKPOINT'));
    await once(spawn('sync'), 'exit');
    await wait(DISK_REST_MS);
  }

  /** Runs something on a short connection. @template T @param {(client: pg.Client) => Promise<T>} work @returns {Promise<T>} */
  async withDatabase(work, url = this.databaseUrl) {
    const client = new pg.Client({ connectionString: url });
    // Lost while idle: the next query of `work` tells, and that is where it belongs.
    client.on('error', () => {});
    await client.connect();
    try {
      return await work(client);
    } finally {
      await client.end();
    }
  }

  /** Resolves when everything accepted is scored. @throws when that takes longer than the limit */
  async untilDrained(limitMs = 120_000) {
    const deadline = Date.now() + limitMs;
    await this.withDatabase(async (client) => {
      for (;;) {
        const { rows } = await client.query('SELECT count(*)::int AS rows FROM attempt_inbox');
        if (rows[0].rows === 0) return;
        if (Date.now() > deadline) throw new Error(`${rows[0].rows} inbox rows wait after ${limitMs} ms.`);
        await wait(20);
      }
    });
  }

  /** Stops everything and removes the folder. */
  async stop() {
    await Promise.all([...this.servers, ...this.workers].map((program) => program.stop()));
    await this.postgres?.stop();
    await rm(this.dataDir, { recursive: true, force: true });
  }

  /** The lane is taken a moment after the worker is ready; measurements begin with a worker that scores. */
  async #untilScoring() {
    const deadline = Date.now() + START_LIMIT_MS;
    await this.withDatabase(async (client) => {
      for (;;) {
        const { rowCount } = await client.query("SELECT FROM nodes WHERE kind = 'worker' AND lane");
        if (rowCount > 0) return;
        if (Date.now() > deadline) throw new Error('No worker took the scoring lane.');
        await wait(50);
      }
    });
  }

  #program(name, entry, port) {
    const { nodeArguments, say } = this;
    return new Program({ name, entry, env: this.#environment(port), nodeArguments, say });
  }

  /** What `gatehouse start` gives to its processes. */
  #environment(port) {
    return {
      ...process.env,
      NODE_ENV: 'production',
      LOG_LEVEL: process.env.LOG_LEVEL || 'warn',
      HOST: '127.0.0.1',
      PORT: String(port),
      PUBLIC_URL: `http://127.0.0.1:${port}`,
      REDIS_URL: '',
      DATABASE_URL: this.databaseUrl,
      GATEHOUSE_DATA_DIR: this.dataDir,
      GATEHOUSE_ADMIN_EMAIL: administrator.email,
      GATEHOUSE_ADMIN_PASSWORD: administrator.password,
    };
  }
}

/** A port on 127.0.0.1 that can be listened on at this moment, from any place of the range: other runs look for one too. */
async function freePort() {
  for (;;) {
    const port = PORTS.from + Math.floor(Math.random() * (PORTS.to - PORTS.from));
    if (await isFree(port)) return port;
  }
}

/** Whether it can be listened on, which also a connection that goes out from it forbids. */
function isFree(port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ port, host: '127.0.0.1', exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
