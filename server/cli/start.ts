import { join } from 'node:path';
import { isatty } from 'node:tty';
import { type Config, loadConfig } from '../platform/config.js';
import type { DatabaseMessage } from '../platform/database/address.js';
import type { ChildMessage } from '../platform/parent.js';
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
const program = (name: 'server' | 'worker'): string => join(rootFolder, 'dist', 'programs', name, 'main.js');

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
    const { migrated, failure } = this.startProcesses(config);
    const databaseUrl = config.databaseUrl ?? (await this.startDatabase(config.dataDir));
    if (this.isEnding()) return;
    this.say('Starting server and worker …');
    this.tellDatabase(databaseUrl);
    if (!(await this.reached(migrated, failure, ended))) return;
    // Commands may use the database from now on.
    await this.claimed.update({ address: config.publicUrl, databaseUrl });
    const ready = this.ready(localAddress(config.host, config.port));
    if (!(await this.reached(ready, failure, ended))) return;
    for (const process of this.processes) process.settle();
    this.announce(config.publicUrl);
    await ended;
  }

  /** Whether a step of the start was reached before somebody ended it. @throws Complaint when a process failed first */
  private async reached(step: Promise<void>, failure: Promise<string>, ended: Promise<unknown>): Promise<boolean> {
    const complaint = await Promise.race([step, failure, ended.then(() => undefined)]);
    if (this.isEnding()) return false;
    if (complaint !== undefined) throw new Complaint(complaint);
    return true;
  }

  private async ready(local: string): Promise<void> {
    if ((await untilReady(local, this.ending.signal)) === 'never' && !this.isEnding())
      throw new Complaint(`The server started but did not get ready: ask ${local}/health/ready why.`);
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
   * Spawns both processes, which load their code until `tellDatabase`: the server migrates the database, then the worker hears of it.
   * @returns when it is migrated, and a sentence when one of them ends before all are ready
   */
  private startProcesses(config: Config): { migrated: Promise<void>; failure: Promise<string> } {
    const common = { env: childEnvironment(config, this.simulate), say: this.say };
    const known = new Promise<string>((resolve) => (this.tellDatabase = resolve));
    let onMessage = (_message: ChildMessage): void => undefined;
    const migrated = new Promise<void>((resolve) => {
      onMessage = (message) => {
        if (message.type === 'migrated') resolve();
        if (message.type === 'ready') this.setUpLink = message.setUpLink;
      };
    });
    const told = async (migrate: boolean): Promise<DatabaseMessage> => ({
      type: 'database',
      url: await known,
      migrate,
    });
    const server = new SupervisedProcess({
      ...common,
      name: 'server',
      entry: program('server'),
      database: told(true),
      onMessage,
    });
    const worker = new SupervisedProcess({
      ...common,
      name: 'worker',
      entry: program('worker'),
      database: migrated.then(() => told(false)),
    });
    this.processes = [server, worker];
    return { migrated, failure: Promise.race([server.start(), worker.start()]) };
  }

  /** PostgreSQL came back on another port: both processes have to learn it. */
  private async moveTo(databaseUrl: string): Promise<void> {
    await Promise.all(this.processes.map((process) => process.stop()));
    const config = loadConfig(process.env);
    this.say('Starting server and worker …');
    this.startProcesses(config);
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
