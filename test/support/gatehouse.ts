import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DataSource } from 'typeorm';
import type { CreatedApplication, Scope } from '../../server/contracts/applications.js';
import type { Me } from '../../server/contracts/authentication.js';
import { createDataSource } from '../../server/platform/database/data-source.js';
import { freePort } from './ports.js';
import { migratedDatabase } from './postgres.js';

const entry = (path: string): string => fileURLToPath(new URL(`../../dist/programs/${path}`, import.meta.url));
export const admin = { email: 'ana@example.com', password: 'three green kites over Lisbon' };

/** A whole installation as processes: the real server and worker on a database of its own. */
export type Gatehouse = {
  urls: string[];
  database: DataSource;
  processes: { servers: ChildProcess[]; workers: ChildProcess[] };
  /** Settings of its processes, for commands that work on it. */
  env: Record<string, string>;
  /** Creates the first administrator; set while there is none. */
  setUpLink: string | undefined;
  startWorker: () => Promise<void>;
  /** Ends a server in good order and starts it at the same port, with further settings. */
  restartServer: (index: number, settings: Record<string, string>) => Promise<void>;
  stop: () => Promise<void>;
};

export type Shape = {
  servers?: number;
  workers?: number;
  redisUrl?: string;
  withAdmin?: boolean;
  /** Further settings of every process. */
  env?: Record<string, string>;
};

export async function startGatehouse({
  servers = 1,
  workers = 1,
  redisUrl,
  withAdmin = true,
  env: settings = {},
}: Shape = {}): Promise<Gatehouse> {
  const dataDir = await mkdtemp(join(tmpdir(), `gatehouse-test-${process.pid}-`));
  const { url, drop } = await migratedDatabase();
  const database = await createDataSource(url, 3).initialize();
  const env = {
    DATABASE_URL: url,
    REDIS_URL: redisUrl ?? '',
    GATEHOUSE_DATA_DIR: dataDir,
    LOG_LEVEL: 'error',
    HOST: '',
    PUBLIC_URL: '',
    SMTP_URL: '',
    ...(withAdmin ? { GATEHOUSE_ADMIN_EMAIL: admin.email, GATEHOUSE_ADMIN_PASSWORD: admin.password } : {}),
    ...settings,
  };
  const running: Gatehouse['processes'] = { servers: [], workers: [] };
  const ports = await Promise.all(Array.from({ length: servers }, () => freePort()));
  let setUpLink: string | undefined;
  const startServers = async (): Promise<void> => {
    for (const port of ports) {
      const { child, ready } = await startProcess('server/main.js', { ...env, PORT: String(port) });
      running.servers.push(child);
      setUpLink ??= ready.setUpLink;
    }
  };
  const startWorker = async (): Promise<void> => {
    const { child } = await startProcess('worker/main.js', { ...env, PORT: String(ports[0]) });
    running.workers.push(child);
  };
  const startWorkers = async (): Promise<void> => {
    // One after the other: the first one holds the scoring lane.
    for (let index = 0; index < workers; index += 1) await startWorker();
  };
  await Promise.all([startServers(), startWorkers()]);
  return {
    urls: ports.map((port) => `http://127.0.0.1:${port}`),
    database,
    processes: running,
    env,
    setUpLink,
    startWorker,
    restartServer: async (index, changed) => {
      await endProcess(running.servers[index]!);
      const { child } = await startProcess('server/main.js', { ...env, ...changed, PORT: String(ports[index]) });
      running.servers[index] = child;
    },
    stop: async () => {
      await Promise.all([...running.servers, ...running.workers].map(endProcess));
      await database.destroy();
      await drop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

type Ready = { setUpLink?: string };

async function startProcess(path: string, env: Record<string, string>): Promise<{ child: ChildProcess; ready: Ready }> {
  const child = spawn(process.execPath, [entry(path)], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  if (typeof message !== 'object' || message === null) throw new Error(`${path} ended before it was ready.`);
  return { child, ready: message };
}

async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}

/** A browser without a page: keeps its cookie and speaks JSON. */
export class ApiClient {
  cookie = '';

  constructor(readonly url: string) {}

  static async signedIn(url: string, who = admin): Promise<ApiClient> {
    const client = new ApiClient(url);
    let { status, headers, body } = await client.call('POST', '/api/v1/sign-in', who);
    const after = headers.get('retry-after');
    if (status === 503 && after !== null) {
      // A client repeats what it is told to repeat.
      await new Promise((resolve) => setTimeout(resolve, Number(after) * 1_000));
      ({ status, headers, body } = await client.call('POST', '/api/v1/sign-in', who));
    }
    if (status !== 200) throw new Error(`Sign-in answered ${status}: ${JSON.stringify(body)}`);
    return client;
  }

  // The caller names what it expects, as the answer is JSON from outside; each test then checks it.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  async call<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; body: T; headers: Headers }> {
    const answer = await fetch(this.url + path, {
      method,
      headers: {
        ...(this.cookie === '' ? {} : { cookie: this.cookie }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const set = answer.headers.get('set-cookie');
    if (set !== null) this.cookie = set.split(';')[0] ?? '';
    const text = await answer.text();
    const isJson = text !== '' && /[/+]json\b/.test(answer.headers.get('content-type') ?? '');
    return { status: answer.status, body: (isJson ? JSON.parse(text) : {}) as T, headers: answer.headers };
  }

  async me(): Promise<Me> {
    return (await this.call<Me>('GET', '/api/v1/me')).body;
  }

  /** Makes an application. @returns its key */
  async application(name: string, scopes?: Scope[]): Promise<string> {
    const { body } = await this.call<CreatedApplication>('POST', '/api/v1/applications', { name });
    if (!scopes) return body.key.key;
    const made = await this.call<{ key: string }>('POST', `/api/v1/applications/${body.application.id}/keys`, {
      scopes,
    });
    return made.body.key;
  }
}

/** Waits until something is so, asking again and again. @throws when it is not so in time */
export async function eventually<T>(
  look: () => Promise<T | undefined | false>,
  what: string,
  limitMs = 20_000,
): Promise<T> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Not in ${limitMs} ms: ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
}

let made = 0;
/** An attempt that is valid as it stands. */
export const anAttempt = (overrides: Record<string, unknown> = {}): Record<string, unknown> => ({
  id: `attempt-${(made += 1)}`,
  occurredAt: new Date().toISOString(),
  subject: 'sam@example.com',
  outcome: 'failure',
  reason: 'wrong_password',
  ip: '45.33.32.156',
  userAgent: 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  ...overrides,
});
