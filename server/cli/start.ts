import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { isatty } from 'node:tty';
import { z } from 'zod';
import { type Config, loadConfig } from '../platform/config.js';
import type { databaseMessage } from '../platform/database/address.js';
import { rootFolder } from '../platform/version.js';
import { Complaint, sentenceFor } from './complaint.js';
import { DatabaseKeeper } from './database-keeper.js';
import type { Claim } from './instance.js';
import { type ProcessMark, findLaunchers, watchLaunchers } from './launchers.js';
import { checkPort, localAddress } from './port.js';
import { untilReady } from './readiness.js';
import { SupervisedProcess } from './supervised-process.js';
import { claimForStart } from './take-over.js';

/** Entry file of one of our programs, as the build makes them. */
const program = (name: 'server' | 'worker' | 'gatehouse'): string =>
  join(rootFolder, 'dist', 'programs', name, 'main.js');

/** What the server tells its supervisor once it listens. */
const readyMessage = z.object({ type: z.literal('ready'), setUpLink: z.string().optional() });

export type StartOptions = {
  /** Also run the simulated company. */
  simulate: boolean;
  say: (line: string) => void;
};

/** `gatehouse start`: database, migrations, server and worker, started and stopped together. */
export async function start({ simulate, say }: StartOptions): Promise<void> {
  const asked = loadConfig(process.env);
  const claimed = await claimForStart(asked.dataDir, asked.publicUrl, say);
  const supervisor = new Supervisor(claimed, say, simulate);
  try {
    await supervisor.run(asked);
  } catch (error) {
    // Ctrl-C in the middle of a start also ends what was just being done, which is then no failure.
    if (!supervisor.isEnding()) throw error;
  } finally {
    await supervisor.stop();
    await claimed.release();
  }
}

class Supervisor {
  private database: DatabaseKeeper | undefined;
  private processes: SupervisedProcess[] = [];
  private readonly ending = new AbortController();
  private setUpLink: string | undefined;
  private endWatch = (): void => undefined;
  private tellDatabase: (url: string) => void = () => undefined;

  constructor(
    private readonly claimed: Claim,
    private readonly say: (line: string) => void,
    private readonly simulate: boolean,
  ) {}

  isEnding(): boolean {
    return this.ending.signal.aborted;
  }

  /** Starts everything and resolves when it is time to end. @throws Complaint when the start fails */
  async run(asked: Config): Promise<void> {
    const ended = this.untilEnded(await findLaunchers());
    const port = await checkPort(asked.host, asked.port);
    const config = loadConfig({ ...process.env, PORT: String(port) });
    const failure = this.startProcesses(config);
    const databaseUrl = config.databaseUrl ?? (await this.startDatabase(config.dataDir));
    if (this.isEnding()) return;
    await migrateInChild(databaseUrl);
    await this.claimed.update({ address: config.publicUrl, databaseUrl });
    if (this.isEnding()) return;
    this.say('Starting server and worker …');
    this.tellDatabase(databaseUrl);
    const local = localAddress(config.host, config.port);
    const outcome = await Promise.race([untilReady(local, this.ending.signal), failure, ended]);
    if (this.isEnding()) return;
    if (outcome === 'never')
      throw new Complaint(`The server started but did not get ready: ask ${local}/health/ready why.`);
    if (outcome !== 'ready') throw new Complaint(outcome);
    for (const process of this.processes) process.settle();
    this.announce(config.publicUrl);
    await ended;
  }

  /** Stops the processes first, as they use the database, and then the database. */
  async stop(): Promise<void> {
    this.endWatch();
    await Promise.all(this.processes.map((process) => process.stop()));
    await this.database?.stop();
  }

  private async startDatabase(dataDir: string): Promise<string> {
    this.say('Starting PostgreSQL …');
    this.database = new DatabaseKeeper(dataDir, this.say, (url) => void this.moveTo(url));
    return this.database.start();
  }

  /**
   * Spawns both processes; they wait for `tellDatabase`.
   * @returns a sentence when one of them ends before all are ready
   */
  private startProcesses(config: Config): Promise<string> {
    const env = childEnvironment(config, this.simulate);
    const database = new Promise<z.infer<typeof databaseMessage>>((resolve) => {
      this.tellDatabase = (url) => resolve({ type: 'database', url });
    });
    const onMessage = (message: unknown): void => {
      const ready = readyMessage.safeParse(message);
      if (ready.success) this.setUpLink = ready.data.setUpLink;
    };
    const server = new SupervisedProcess({
      name: 'server',
      entry: program('server'),
      env,
      database,
      say: this.say,
      onMessage,
    });
    const worker = new SupervisedProcess({
      name: 'worker',
      entry: program('worker'),
      env,
      database,
      say: this.say,
    });
    this.processes = [server, worker];
    return Promise.race([
      server.start().then((reason) => `The server could not start: ${reason}.`),
      worker.start().then((reason) => `The worker could not start: ${reason}.`),
    ]);
  }

  /** PostgreSQL came back on another port: both processes have to learn it. */
  private async moveTo(databaseUrl: string): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    const config = loadConfig(process.env);
    this.say('Starting server and worker …');
    void this.startProcesses(config);
    this.tellDatabase(databaseUrl);
    for (const process of this.processes) process.settle();
    await this.claimed.update({ databaseUrl });
  }

  private announce(address: string): void {
    if (this.setUpLink === undefined) this.say(`\nGatehouse is ready: ${address}`);
    else this.say(`\nGatehouse is ready. Create the first administrator here:\n${this.setUpLink}`);
    this.say('Ctrl-C stops it.\n');
  }

  /** Resolves when somebody wants us to end, or when npm above us was killed. */
  private untilEnded(launchers: ProcessMark[]): Promise<'ended'> {
    return new Promise((resolve) => {
      const end = (): void => {
        // A second Ctrl-C is impatience: no more waiting for the processes.
        if (this.isEnding()) for (const process of this.processes) process.kill();
        else this.say('\nStopping …');
        this.ending.abort();
        resolve('ended');
      };
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, end);
      const isAtTerminal = [0, 1, 2].some(isatty);
      process.on('SIGHUP', () => (isAtTerminal ? end() : this.outlive()));
      this.endWatch = watchLaunchers(launchers, end);
    });
  }

  /**
   * A terminal was closed that is not ours: we were started with nohup, of which Node makes nothing, as it resets every signal that
   * was to be ignored. npm above us does the same and ends of it, which is no reason to follow.
   */
  private outlive(): void {
    this.endWatch();
    this.say('The terminal was closed; Gatehouse goes on.');
    // Another start would take us for a leftover of a killed npm.
    this.claimed.update({ launchers: [] }).catch((error: unknown) => this.say(sentenceFor(error)));
  }
}

function childEnvironment(config: Config, simulate: boolean): NodeJS.ProcessEnv {
  return {
    ...process.env,
    // The terminal belongs to people: routine log lines only for those who ask for them.
    // An empty value counts as none, as everywhere in the configuration.
    LOG_LEVEL: process.env['LOG_LEVEL'] || 'warn',
    NODE_ENV: process.env['NODE_ENV'] ?? 'production',
    PORT: String(config.port),
    // They hear of the database when it is there and migrated.
    DATABASE_URL: undefined,
    ...(simulate ? { GATEHOUSE_SIMULATE: '1' } : {}),
  };
}

/** In a process of its own, which takes TypeORM's memory with it when it ends. */
async function migrateInChild(databaseUrl: string): Promise<void> {
  const child = spawn(process.execPath, [program('gatehouse'), 'migrate', '--quiet'], {
    env: { ...process.env, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'exit') as Promise<[number | null]>]);
  if (code !== 0) throw new Complaint(said.trim() || 'The database could not be migrated.');
}
