import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { programIn } from './binaries.js';
import { EmbeddedPostgresError, explain } from './embedded-error.js';
import type { Placement } from './placement.js';
import { commandOf, isAlive, waitForEnd } from './processes.js';
import { programEnvironment, runProgram } from './run-program.js';

/** A crash recovery after heavy writing replays at most about 1 GB of log, well within this on a slow disk. */
const START_LIMIT_MS = 180_000;
const FAST_STOP_LIMIT_S = 8;

export type Postmaster = { pid: number; exited: Promise<void> };

/** Why a start may succeed at another try: the port was taken meanwhile, or remains of a crash are still ending. */
export type Hindrance = 'port-taken' | 'remains-of-a-crash';

const hindrances: [RegExp, Hindrance][] = [
  [/could not bind|Address already in use|could not create any TCP/i, 'port-taken'],
  [/pre-existing shared memory block/i, 'remains-of-a-crash'],
];

const pidFile = (placement: Placement): string => join(placement.clusterFolder, 'postmaster.pid');

/**
 * Starts PostgreSQL and waits until it takes connections.
 * @param logFile receives what PostgreSQL says until its own log begins; belongs to the caller
 */
export async function startPostmaster(
  placement: Placement,
  settings: string[],
  logFile: string,
): Promise<Postmaster | Hindrance> {
  const log = openSync(logFile, 'w', 0o600);
  const child = spawn(programIn(placement.binaries, 'postgres'), ['-D', placement.clusterFolder, ...settings], {
    cwd: '/',
    // A session of its own: Ctrl-C at the terminal must reach PostgreSQL only through us, after its clients.
    detached: true,
    stdio: ['ignore', log, log],
    env: programEnvironment(),
    ...placement.identity,
  });
  closeSync(log);
  const failed = new Promise<string>((resolve) => child.once('error', (error) => resolve(error.message)));
  const ended = once(child, 'exit').then(() => readFile(logFile, 'utf8'));
  const outcome = await Promise.race([isReady(placement, child), failed, ended]);
  if (outcome === true && child.pid !== undefined) {
    child.unref();
    return { pid: child.pid, exited: ended.then(() => undefined) };
  }
  const said = outcome === true ? '' : outcome;
  const hindrance = hindrances.find(([pattern]) => pattern.test(said));
  if (hindrance) return hindrance[1];
  throw explain('The database did not start', said, placement.clusterFolder);
}

/** PostgreSQL writes its state into the last line of postmaster.pid; that is also what pg_ctl waits for. */
async function isReady(placement: Placement, child: ChildProcess): Promise<true | string> {
  const deadline = Date.now() + START_LIMIT_MS;
  while (Date.now() < deadline) {
    const lines = await readPidFile(placement);
    if (Number(lines[0]) === child.pid && lines[7]?.trim() === 'ready') return true;
    if (child.exitCode !== null || child.signalCode !== null) return new Promise(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  child.kill('SIGQUIT');
  return `FATAL: it was not ready after ${START_LIMIT_MS / 1000} seconds`;
}

async function readPidFile(placement: Placement): Promise<string[]> {
  try {
    return (await readFile(pidFile(placement), 'utf8')).split('\n');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Stops PostgreSQL: open transactions are rolled back, the data is complete on disk. */
export async function stopPostmaster(placement: Placement, pid: number): Promise<void> {
  const stop = (mode: string): Promise<unknown> =>
    runProgram(
      programIn(placement.binaries, 'pg_ctl'),
      ['stop', '-D', placement.clusterFolder, '-m', mode, '-w', '-t', String(FAST_STOP_LIMIT_S)],
      placement.identity,
    );
  await stop('fast');
  // Without a clean end the next start replays the log, which is slower but loses nothing that was committed.
  if (isAlive(pid)) await stop('immediate');
  if (!(await waitForEnd(pid, 2_000))) process.kill(pid, 'SIGKILL');
}

/**
 * Clears what a killed predecessor left: a PostgreSQL that still runs on this cluster is stopped, and a note of a
 * process that no longer exists is removed. Nobody else uses the cluster: the data folder is locked by the caller.
 */
export async function clearLeftovers(placement: Placement, say: (line: string) => void): Promise<void> {
  const pid = Number((await readPidFile(placement))[0]);
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return;
  if (!(await commandOf(pid)).includes(placement.clusterFolder)) {
    // The number was given to another process (after a reboot, or in a new container): PostgreSQL would take it for itself.
    await rm(pidFile(placement));
    return;
  }
  say('PostgreSQL still runs from an earlier start: stopping it first …');
  await stopPostmaster(placement, pid);
  if (!(await waitForEnd(pid, 5_000))) {
    throw new EmbeddedPostgresError(
      `An earlier PostgreSQL (process ${pid}) can't be stopped: end it, then start again.`,
    );
  }
}

/**
 * Lets PostgreSQL end when this process is gone, however it went: a tiny shell waits on a pipe that closes with us.
 * @returns stops the watch, after an orderly end
 */
export function stopWithUs(placement: Placement, pid: number): () => void {
  // SIGINT is PostgreSQL's fast shutdown. A shell is a hundredth of the memory that another Node would take.
  const guard = spawn('/bin/sh', ['-c', `read _; kill -INT ${pid}`], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    ...placement.identity,
  });
  guard.on('error', () => {
    // Without the watch, the next start stops what is left over (clearLeftovers).
  });
  guard.unref();
  const pipe = guard.stdin as unknown as { unref?: () => void };
  pipe.unref?.();
  return () => guard.kill('SIGKILL');
}
