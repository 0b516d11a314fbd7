import { Complaint } from './complaint.js';
import { type Claim, type InstanceNote, claim } from './instance.js';
import { findLaunchers, stillRuns } from './launchers.js';

/** A supervisor needs at most ten seconds to end; a command that holds the database for a moment, hardly longer. */
const STOP_LIMIT_MS = 12_000;
const COMMAND_LIMIT_MS = 60_000;

/**
 * Claims the data folder for a start. A Gatehouse whose npm was killed is a leftover and is ended; one that runs on
 * purpose is left alone.
 * @throws Complaint that names the address of the one that runs
 */
export async function claimForStart(dataDir: string, address: string, say: (line: string) => void): Promise<Claim> {
  const launchers = await findLaunchers();
  for (;;) {
    const outcome = await claim(dataDir, { kind: 'start', launchers, address });
    if (!('holder' in outcome)) return outcome;
    if (outcome.kind === 'command') {
      say('Waiting for a gatehouse command that uses the database …');
      await untilGone(outcome, COMMAND_LIMIT_MS);
    } else if (await isLeftover(outcome)) {
      say('An earlier Gatehouse lost its terminal and still runs: stopping it first …');
      await end(outcome);
    } else {
      throw new Complaint(
        `Gatehouse already runs at ${outcome.address} with this data folder (process ${outcome.holder.pid}): use that one, or stop it first.`,
      );
    }
  }
}

async function isLeftover({ launchers }: InstanceNote): Promise<boolean> {
  const states = await Promise.all(launchers.map(stillRuns));
  return states.includes(false);
}

async function end(other: InstanceNote): Promise<void> {
  signal(other.holder.pid, 'SIGTERM');
  if (await untilGone(other, STOP_LIMIT_MS)) return;
  signal(other.holder.pid, 'SIGKILL');
  if (await untilGone(other, STOP_LIMIT_MS)) return;
  throw new Complaint(`An earlier Gatehouse (process ${other.holder.pid}) can't be ended: end it, then start again.`);
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPERM')
      throw new Complaint(`An earlier Gatehouse (process ${pid}) belongs to another user: end it as that user.`);
    // ESRCH: it ended by itself, which is what was wanted.
    if (code !== 'ESRCH') throw error;
  }
}

/** Waits until that process has gone. @returns false when it still runs after `limitMs` */
async function untilGone(other: InstanceNote, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if (!(await stillRuns(other.holder))) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
