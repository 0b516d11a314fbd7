import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The compiled command line; Jest's global set-up keeps it current. */
export const compiledCli = fileURLToPath(new URL('../../dist/programs/gatehouse/main.js', import.meta.url));

/** What the machine these tests run on says about itself must not decide them. */
const neutral = {
  DATABASE_URL: '',
  REDIS_URL: '',
  HOST: '',
  PUBLIC_URL: '',
  LOG_LEVEL: '',
  npm_lifecycle_event: undefined,
};

export type RunResult = { code: number | null; stdout: string; stderr: string };

/** A process of ours, with everything it has printed so far. */
export class GatehouseProcess {
  stdout = '';
  stderr = '';
  readonly ended: Promise<number | null>;

  constructor(readonly child: ChildProcess) {
    child.stdout?.on('data', (chunk: Buffer) => (this.stdout += chunk.toString()));
    child.stderr?.on('data', (chunk: Buffer) => (this.stderr += chunk.toString()));
    this.ended = once(child, 'close').then(([code]) => code as number | null);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('The process could not be started.');
    return this.child.pid;
  }

  /** Resolves once the text has been printed. @throws with all the output, when it ends without it */
  async printed(text: string): Promise<void> {
    let over = false;
    void this.ended.then(() => (over = true));
    while (!this.stdout.includes(text)) {
      if (this.isOver(over)) throw new Error(`It ended without "${text}":\n${this.stdout}\n${this.stderr}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  private isOver(over: boolean): boolean {
    return over;
  }
}

export type Environment = Record<string, string | undefined>;

export type StartCliOptions = {
  /** What starts it: npm's shell, the same in a process group of its own as an interactive shell makes it, or a terminal. */
  by?: 'shell' | 'job' | 'terminal';
  /** Runs it as this user; needs root. */
  user?: number;
};

/** Starts `gatehouse …` without waiting. */
export function startCli(args: string[], env: Environment, { by, user }: StartCliOptions = {}): GatehouseProcess {
  const [command, ...rest] = commandLine([process.execPath, compiledCli, ...args], by);
  const child = spawn(command!, rest, {
    env: { ...process.env, ...neutral, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: by === 'job',
    ...(user === undefined ? {} : { uid: user, gid: user, cwd: '/' }),
  });
  return new GatehouseProcess(child);
}

function commandLine(line: string[], by: StartCliOptions['by']): string[] {
  if (by === undefined) return line;
  // `script` opens a terminal and holds its other end.
  if (by === 'terminal') return ['script', '-qfc', line.map((word) => `'${word}'`).join(' '), '/dev/null'];
  // The `:` keeps the shell from replacing itself by node.
  return ['/bin/sh', '-c', '"$@"; :', 'sh', ...line];
}

/** Runs `gatehouse …` to its end. */
export async function runCli(args: string[], env: Environment): Promise<RunResult> {
  const running = startCli(args, env);
  const code = await running.ended;
  return { code, stdout: running.stdout, stderr: running.stderr };
}

/** A folder of a test, with a space in its name, that PostgreSQL's own user may enter. */
export async function testFolder(): Promise<{ path: string; remove: () => Promise<void> }> {
  const outer = await mkdtemp(join(tmpdir(), 'gatehouse-launcher-'));
  await chmod(outer, 0o755);
  const path = join(outer, 'a folder');
  await mkdir(path);
  return { path, remove: () => rm(outer, { recursive: true, force: true }) };
}
