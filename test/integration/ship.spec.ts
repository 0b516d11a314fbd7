import { spawn, type ChildProcess } from 'node:child_process';
import {
  appendFile,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  rename,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { transformFile } from '@swc/core';
import { newAttempt, type NewAttempt } from '../../server/contracts/attempts.js';
import { ship, ShipError, type ShipDeps, type ShipOptions } from '../../server/connectors/ship/ship.js';

type Misfortune = 'none' | 'busy' | 'broken' | 'dropped' | 'dropped_after_commit';

/** A record API that keeps records by id, as the real one does, and has bad luck on request. */
class RecordApi {
  readonly records = new Map<string, NewAttempt>();
  requests = 0;
  batchMax = 0;
  fate: () => Misfortune = () => 'none';
  status: number | null = null;
  private readonly server: Server;

  constructor() {
    this.server = createServer((request, response) => void this.answer(request, response));
  }

  async open(): Promise<void> {
    await new Promise<void>((done) => this.server.listen(0, '127.0.0.1', done));
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    this.requests += 1;
    if (this.status !== null) return void response.writeHead(this.status).end();
    const fate = this.fate();
    if (fate === 'busy') return void response.writeHead(429, { 'retry-after': '0' }).end();
    if (fate === 'broken') return void response.writeHead(500).end('oops');
    if (fate === 'dropped') return void request.socket.destroy();
    const result = this.record(Buffer.concat(chunks).toString());
    if (fate === 'dropped_after_commit') return void request.socket.destroy();
    response.writeHead(202, { 'content-type': 'application/json' }).end(JSON.stringify(result));
  }

  private record(body: string): { recorded: number; duplicates: number; rejected: never[] } {
    const rows = body.trimEnd().split('\n');
    this.batchMax = Math.max(this.batchMax, rows.length);
    const result = { recorded: 0, duplicates: 0, rejected: [] };
    newAttempt.parse(JSON.parse(rows[0] ?? ''));
    for (const row of rows) {
      const attempt = JSON.parse(row) as NewAttempt;
      const id = attempt.id ?? '';
      const known = this.records.get(id);
      // To the real store a record with another time is another record.
      if (known && known.occurredAt !== attempt.occurredAt) throw new Error(`time of ${id} changed`);
      if (known) result.duplicates += 1;
      else result.recorded += 1;
      this.records.set(id, attempt);
    }
    return result;
  }
}

const ROUNDS = 3;
/** For specs that move thousands of records or wait for back-off, in milliseconds; a busy machine takes ten times a quiet one's. */
const LONG = 120_000;
let folder: string;
let file: string;
let api: RecordApi;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gatehouse ship '));
  file = join(folder, 'auth.log');
  api = new RecordApi();
  await api.open();
});

afterEach(async () => {
  await api.close();
  await rm(folder, { recursive: true, force: true });
});

/** Three lines for one try of the connection with this number: exactly one attempt. */
function lines(number: number): string {
  const at = new Date(Date.UTC(2026, 0, 1) + number * 1000).toISOString();
  const user = `user${number}`;
  const start = `${at} web01 sshd[${number % 30_000}]:`;
  return [
    `${start} Invalid user ${user} from 198.51.100.${number % 250} port ${1024 + (number % 60_000)}`,
    `${start} Failed password for invalid user ${user} from 198.51.100.${number % 250} port ${1024 + (number % 60_000)} ssh2`,
    `${start} Connection closed by invalid user ${user} 198.51.100.${number % 250} port ${1024 + (number % 60_000)} [preauth]`,
    '',
  ].join('\n');
}

function log(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => lines(from + index)).join('');
}

function options(more: Partial<ShipOptions> = {}): ShipOptions {
  return { file, url: api.url, key: 'key', zone: 'UTC', state: join(folder, 'state.json'), pollMs: 20, ...more };
}

/** Users recorded, in order of their number; each stands for one real attempt. */
function users(): number[] {
  return [...api.records.values()].map((attempt) => Number(attempt.subject.slice(4))).sort((a, b) => a - b);
}

function upTo(end: number, from = 0): number[] {
  return Array.from({ length: end - from }, (_, index) => from + index);
}

async function until(condition: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !condition(); turn += 1) await delay(20);
  expect(condition()).toBe(true);
}

async function following(
  work: () => Promise<void>,
  more: Partial<ShipOptions> = {},
  deps: ShipDeps = {},
): Promise<void> {
  const stop = new AbortController();
  const running = ship(options({ follow: true, ...more }), { ...deps, signal: stop.signal });
  try {
    await Promise.race([work(), running]);
  } finally {
    stop.abort();
    await running;
  }
}

test(
  'a whole log arrives once, in batches; again it is only duplicates, under another path too',
  async () => {
    await writeFile(file, log(0, 2_500));
    const first = await ship(options({ fromStart: true }));
    expect(first).toEqual({ lines: 7_500, attempts: 2_500, recorded: 2_500, duplicates: 0, rejected: 0 });
    expect(api.batchMax).toBe(2_000);
    expect(await ship(options({ fromStart: true }))).toMatchObject({ recorded: 0, duplicates: 2_500 });
    const copy = join(folder, 'copy.log');
    await copyFile(file, copy);
    const again = options({ file: copy, fromStart: true, state: join(folder, 'other.json') });
    expect(await ship(again)).toMatchObject({ recorded: 0, duplicates: 2_500 });
  },
  LONG,
);

test('without a position it starts at the end, with one where it ended', async () => {
  await writeFile(file, log(0, 10));
  expect(await ship(options())).toMatchObject({ lines: 0, attempts: 0 });
  await appendFile(file, log(10, 20));
  expect(await ship(options())).toMatchObject({ lines: 30, recorded: 10 });
  expect(users()).toEqual(upTo(20, 10));
});

test('a last line without line end is sent, and read again when it has grown', async () => {
  await writeFile(
    file,
    log(0, 2)
      .trimEnd()
      .replace(/ \[preauth\]$/, ''),
  );
  expect(await ship(options({ fromStart: true }))).toMatchObject({ lines: 6, recorded: 2 });
  await appendFile(file, ` [preauth]\n${log(2, 3)}`);
  expect(await ship(options())).toMatchObject({ lines: 4, recorded: 1 });
});

test(
  '429, 500 and lost connections lose nothing and count nothing twice',
  async () => {
    await writeFile(file, log(0, 3_000));
    const fates: Misfortune[] = ['dropped', 'busy', 'broken', 'dropped_after_commit', 'none'];
    let turn = 0;
    api.fate = () => fates[turn++ % fates.length] ?? 'none';
    const notices: string[] = [];
    const result = await ship(options({ fromStart: true }), {
      random: () => 0,
      onNotice: (sentence) => notices.push(sentence),
    });
    expect(result).toMatchObject({ attempts: 3_000, rejected: 0 });
    expect(result.recorded + result.duplicates).toBe(3_000);
    expect(users()).toEqual(upTo(3_000));
    expect(notices.some((sentence) => sentence.startsWith('Trying again'))).toBe(true);
  },
  LONG,
);

test('a key that is refused ends it with a sentence, and the next run has everything', async () => {
  await writeFile(file, log(0, 5));
  api.status = 401;
  await expect(ship(options({ fromStart: true }))).rejects.toThrow(ShipError);
  expect(api.requests).toBe(1);
  api.status = null;
  expect(await ship(options())).toMatchObject({ recorded: 5 });
});

test('garbage, zero bytes and endless lines are survived', async () => {
  const garbage = Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * 7919) % 256));
  await writeFile(
    file,
    Buffer.concat([
      Buffer.from(log(0, 3)),
      garbage,
      Buffer.from('\n'),
      Buffer.alloc(300_000, 'x'),
      Buffer.from('\n'),
      Buffer.alloc(5_000),
      Buffer.from(log(3, 6)),
    ]),
  );
  expect(await ship(options({ fromStart: true }))).toMatchObject({ recorded: 6 });
});

test('standard input is read to its end', async () => {
  async function* stdin(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(log(0, 2).slice(0, -40));
    await delay(100);
    yield Buffer.from(log(0, 2).slice(-40) + log(2, 4));
  }
  expect(await ship(options({ file: '-' }), { stdin: stdin() })).toMatchObject({ lines: 12, recorded: 4 });
});

test('what can not work is said in one sentence', async () => {
  await expect(ship(options({ fromStart: true }))).rejects.toThrow('There is no file');
  await writeFile(file, '');
  await expect(ship(options({ state: join(file, 'state.json'), fromStart: true }))).rejects.toThrow("can't be saved");
  await writeFile(join(folder, 'state.json'), '{"version":');
  await expect(ship(options())).rejects.toThrow('is damaged');
  await expect(ship(options({ file: folder, fromStart: true }))).rejects.toThrow(ShipError);
});

test(
  'a hint in a quiet log is sent without its verdict, which then counts no second time',
  async () => {
    await writeFile(file, '');
    const [invalid = '', failed = ''] = lines(1).split('\n');
    let clock = Date.now();
    await following(
      async () => {
        await appendFile(file, `${invalid}\n`);
        await delay(200);
        expect(api.records.size).toBe(0);
        clock += 60_000;
        await until(() => api.records.size === 1);
        await appendFile(file, `${failed}\n${lines(2)}`);
        await until(() => api.records.size === 2);
      },
      { fromStart: true },
      { now: () => clock },
    );
    expect(users()).toEqual([1, 2]);
  },
  LONG,
);

describe('rotation while following', () => {
  test('by renaming, with lines still written to the old file', async () => {
    await writeFile(file, log(0, 10));
    await following(
      async () => {
        await until(() => api.records.size === 10);
        await rename(file, `${file}.1`);
        await appendFile(`${file}.1`, log(10, 15));
        await delay(30);
        await writeFile(file, log(15, 30));
        await until(() => api.records.size === 30);
        await rename(`${file}.1`, `${file}.2`);
        await rename(file, `${file}.1`);
        await writeFile(file, log(30, 40));
        await until(() => api.records.size === 40);
      },
      { fromStart: true },
    );
    expect(users()).toEqual(upTo(40));
  });

  test('by copying and cutting, with lines between our last look and the copy', async () => {
    await writeFile(file, log(0, 10));
    await following(
      async () => {
        await until(() => api.records.size === 10);
        await appendFile(file, log(10, 20));
        await copyFile(file, `${file}.1`);
        await truncate(file, 0);
        await appendFile(file, log(20, 22));
        await until(() => api.records.size === 22);
      },
      { fromStart: true },
    );
    expect(users()).toEqual(upTo(22));
  });

  test('a file that does not exist yet is waited for', async () => {
    await following(async () => {
      await delay(60);
      await writeFile(file, log(0, 3));
      await until(() => api.records.size === 3);
    });
  });
});

describe('rotation while nobody reads', () => {
  beforeEach(async () => {
    await writeFile(file, log(0, 10));
    await ship(options({ fromStart: true }));
    await appendFile(file, log(10, 20));
  });

  test('once or several times by renaming', async () => {
    await rename(file, `${file}.2`);
    await delay(20);
    await writeFile(`${file}.1`, log(20, 30));
    await delay(20);
    await writeFile(file, log(30, 40));
    expect(await ship(options())).toMatchObject({ recorded: 30, duplicates: 0 });
    expect(users()).toEqual(upTo(40));
  });

  test('by copying and cutting, though the new content is longer than the old was', async () => {
    await copyFile(file, `${file}-20260101`);
    await writeFile(file, log(20, 60));
    expect(await ship(options())).toMatchObject({ recorded: 50, duplicates: 0 });
    expect(users()).toEqual(upTo(60));
  });

  test('with the old content gone: from the top of the new', async () => {
    await writeFile(file, log(30, 35));
    const notices: string[] = [];
    await ship(options(), { onNotice: (sentence) => notices.push(sentence) });
    expect(users()).toEqual([...upTo(10), ...upTo(35, 30)]);
    expect(notices.join()).toContain('gone or compressed');
  });
});

describe('kill -9', () => {
  let built: string;

  /** The product runs compiled; here just what shipping needs is compiled, into a folder of its own. */
  beforeAll(async () => {
    built = await mkdtemp(join(tmpdir(), 'gatehouse-ship-built-'));
    for (const part of ['server/contracts', 'server/connectors/sshd', 'server/connectors/ship']) {
      for (const name of await readdir(part)) {
        const { code } = await transformFile(join(part, name), { swcrc: true });
        const target = join(built, part, name.replace(/\.ts$/, '.js'));
        await mkdir(dirname(target), { recursive: true });
        await writeFile(target, code);
      }
    }
    await writeFile(join(built, 'package.json'), '{"type":"module"}');
    await symlink(resolve('node_modules'), join(built, 'node_modules'));
    const main = `import { ship } from './server/connectors/ship/ship.js'; await ship(JSON.parse(process.argv[2]));`;
    await writeFile(join(built, 'main.js'), main);
  });

  afterAll(() => rm(built, { recursive: true, force: true }));

  function start(more: Partial<ShipOptions>): ChildProcess {
    return spawn(process.execPath, [join(built, 'main.js'), JSON.stringify(options(more))], { stdio: 'inherit' });
  }

  async function ended(child: ChildProcess): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) await new Promise((done) => child.once('exit', done));
  }

  test(
    'at any moment, while the log grows and rotates: nothing lost, nothing twice',
    async () => {
      await writeFile(file, '');
      await ship(options());
      let written = 0;
      const grow = async (count: number): Promise<void> => {
        const text = log(written, written + count);
        // Cut anywhere: the reader sees half lines.
        await appendFile(file, text.slice(0, text.length / 3));
        await appendFile(file, text.slice(text.length / 3));
        written += count;
      };
      let turn = 0;
      api.fate = () => (turn++ % 4 === 1 ? 'dropped_after_commit' : 'none');
      for (let round = 0; round < ROUNDS; round += 1) {
        await grow(1_500);
        const child = start({ follow: true });
        const before = api.records.size;
        // The first kills come while it starts, later ones in the middle of sending.
        await until(() => round === 0 || api.records.size > before || child.exitCode !== null);
        await grow(1_500);
        await delay(Math.random() * 150);
        child.kill('SIGKILL');
        await ended(child);
        if (round === 1) {
          await rename(file, `${file}.1`);
          await writeFile(file, '');
        }
      }
      await grow(10);
      const last = start({});
      await ended(last);
      expect(last.exitCode).toBe(0);
      expect(users()).toEqual(upTo(written));
    },
    LONG,
  );
});
