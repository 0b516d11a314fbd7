import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The compiled command line; Jest's global set-up keeps it current. */
export const compiledCli = fileURLToPath(new URL('../../dist/server/cli/main.js', import.meta.url));

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
  /** Puts a shell in between, as npm does. */
  launcher?: boolean;
  /** Runs it as this user; needs root. */
  user?: number;
};

/** Starts `gatehouse …` without waiting. */
export function startCli(
  args: string[],
  env: Environment,
  { launcher = false, user }: StartCliOptions = {},
): GatehouseProcess {
  const command = launcher ? '/bin/sh' : process.execPath;
  // The `:` keeps the shell from replacing itself by node.
  const line = ['-c', '"$@"; :', 'sh', process.execPath, compiledCli, ...args];
  const child = spawn(command, launcher ? line : [compiledCli, ...args], {
    env: { ...process.env, ...neutral, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(user === undefined ? {} : { uid: user, gid: user, cwd: '/' }),
  });
  return new GatehouseProcess(child);
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
