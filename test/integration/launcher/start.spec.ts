import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createdKey } from '../../../server/contracts/applications.js';
import { commandOf } from '../../../server/platform/embedded/processes.js';
import { eventually } from '../../support/gatehouse.js';
import {
  type GatehouseProcess,
  runCli,
  startCli,
  type StartCliOptions,
  testFolder,
} from '../../support/gatehouse-process.js';
import { freePort } from '../../support/ports.js';

/** What a stopped Gatehouse may need in the worst case, in milliseconds. */
const STOP_LIMIT_MS = 10_000;

describe('gatehouse start', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let env: Record<string, string>;
  let address: string;
  const running: GatehouseProcess[] = [];

  beforeAll(async () => {
    folder = await testFolder();
    const port = await freePort();
    address = `http://127.0.0.1:${port}`;
    env = { GATEHOUSE_DATA_DIR: join(folder.path, 'my data'), PORT: String(port) };
  });

  afterAll(async () => {
    for (const { child, ended } of running) {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGTERM');
      await ended;
    }
    await folder.remove();
  });

  const start = (options: StartCliOptions = {}): GatehouseProcess => {
    const launched = options.by ? { ...env, npm_lifecycle_event: 'start' } : env;
    const started = startCli(['start'], launched, options);
    running.push(started);
    return started;
  };
  const leftBehind = (): string[] =>
    ['running.json', 'postgres/postmaster.pid'].filter((name) => existsSync(join(env['GATEHOUSE_DATA_DIR']!, name)));

  it('goes from an empty folder with spaces to ready, prints one address, and stops cleanly', async () => {
    const gatehouse = start();
    await gatehouse.printed('Ctrl-C stops it.');
    const addresses = gatehouse.stdout.match(/https?:\/\/\S+/g);
    expect(addresses).toHaveLength(1);
    expect(addresses?.[0]).toMatch(new RegExp(`^${address}/set-up#token=[\\w-]{43}$`));
    const ready = await fetch(`${address}/health/ready`);
    expect(ready.status).toBe(200);

    const created = await runCli(['app', 'create', 'Mail', '--json'], env);
    expect(created).toMatchObject({ code: 0, stderr: '' });
    const answer = JSON.parse(created.stdout) as { id: string; key: string };
    expect(Object.keys(answer)).toEqual(['id', 'key']);
    expect(createdKey.shape.key.parse(answer.key)).toMatch(/^gh_live_/);

    const second = await runCli(['start'], env);
    expect(second.code).toBe(1);
    expect(second.stderr.trim()).toMatch(/^Gatehouse already runs at http:\/\/127\.0\.0\.1:\d+ with this data folder/);

    const before = Date.now();
    gatehouse.child.kill('SIGINT');
    expect(await gatehouse.ended).toBe(0);
    expect(Date.now() - before).toBeLessThan(STOP_LIMIT_MS);
    expect(leftBehind()).toEqual([]);
    expect(gatehouse.stderr).toBe('');
  });

  it('creates an application while nothing runs, and leaves nothing running', async () => {
    const created = await runCli(['app', 'create', 'Wiki', '--json', '--scope', 'sessions:read'], env);
    expect(created.code).toBe(0);
    expect(JSON.parse(created.stdout)).toMatchObject({ key: expect.stringMatching(/^gh_live_/) as string });
    expect(leftBehind()).toEqual([]);
    const again = await runCli(['app', 'create', 'Wiki', '--json'], env);
    expect(again).toMatchObject({ code: 1, stdout: '', stderr: 'There is an application named Wiki.\n' });
  });

  it('starts again right after kill -9, with everything that was there', async () => {
    const first = start();
    await first.printed('Ctrl-C stops it.');
    first.child.kill('SIGKILL');
    await first.ended;
    const next = start();
    await next.printed('Ctrl-C stops it.');
    const again = await runCli(['app', 'create', 'Wiki'], env);
    expect(again.stderr).toBe('There is an application named Wiki.\n');
    next.child.kill('SIGTERM');
    expect(await next.ended).toBe(0);
    expect(leftBehind()).toEqual([]);
  });

  it('ends when the npm above it is killed', async () => {
    const launched = start({ by: 'shell' });
    await launched.printed('Ctrl-C stops it.');
    launched.child.kill('SIGKILL');
    // Its output ends only when the supervisor below the shell, which holds the other end, has gone.
    await launched.ended;
    expect(launched.stdout).toContain('Stopping …');
    expect(leftBehind()).toEqual([]);
  });

  it('ends when the terminal it runs in is closed', async () => {
    const terminal = start({ by: 'terminal' });
    await terminal.printed('Ctrl-C stops it.');
    terminal.child.kill('SIGKILL');
    await eventually(async () => leftBehind().length === 0, 'PostgreSQL and the supervisor are gone');
    await expect(fetch(address)).rejects.toThrow('fetch failed');
  });

  it('goes on when a terminal that it does not run in is closed, as with nohup', async () => {
    const launched = start({ by: 'job' });
    await launched.printed('Ctrl-C stops it.');
    const supervisor = await childOf(launched.pid, 'gatehouse/main.js');
    const shellEnded = once(launched.child, 'exit');
    process.kill(-launched.pid, 'SIGHUP');
    await shellEnded;
    await launched.printed('Gatehouse goes on.');
    // Longer than it takes to notice that a launcher has gone.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    await untilReady(address);
    expect((await runCli(['start'], env)).stderr).toContain('Gatehouse already runs');
    process.kill(supervisor, 'SIGTERM');
    await launched.ended;
    expect(leftBehind()).toEqual([]);
  });

  it('brings back a worker and a PostgreSQL that were killed', async () => {
    const gatehouse = start();
    await gatehouse.printed('Ctrl-C stops it.');
    process.kill(await childOf(gatehouse.pid, 'worker/main.js'), 'SIGKILL');
    await gatehouse.printed('The worker stopped (it was ended by SIGKILL); starting it again');
    const postmaster = await childOf(gatehouse.pid, '/bin/postgres');
    process.kill(postmaster, 'SIGKILL');
    await gatehouse.printed('PostgreSQL ended unexpectedly; starting it again');
    expect(await childOf(gatehouse.pid, '/bin/postgres')).not.toBe(postmaster);
    expect(await childOf(gatehouse.pid, 'worker/main.js')).toBeGreaterThan(0);
    await untilReady(address);
    gatehouse.child.kill('SIGTERM');
    expect(await gatehouse.ended).toBe(0);
    expect(leftBehind()).toEqual([]);
  });

  it('is stopped cleanly also in the middle of bringing PostgreSQL back', async () => {
    const gatehouse = start();
    await gatehouse.printed('Ctrl-C stops it.');
    process.kill(await childOf(gatehouse.pid, '/bin/postgres'), 'SIGKILL');
    await gatehouse.printed('PostgreSQL ended unexpectedly; starting it again');
    gatehouse.child.kill('SIGTERM');
    expect(await gatehouse.ended).toBe(0);
    expect(leftBehind()).toEqual([]);
  });
});

/** Number of the child process whose command line holds the text; waits for it, as a restart takes a moment. */
async function childOf(pid: number, text: string): Promise<number> {
  for (let look = 0; look < 400; look += 1) {
    const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8');
    for (const child of children.trim().split(' ').map(Number)) {
      if ((await commandOf(child)).includes(text)) return child;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${text} does not run below process ${pid}.`);
}

async function untilReady(address: string): Promise<void> {
  for (let look = 0; look < 600; look += 1) {
    const answer = await fetch(`${address}/health/ready`).catch(() => undefined);
    if (answer?.ok === true) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error('Gatehouse did not get ready again.');
}
