import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const execute = promisify(execFile);

/** Whether a process with this number exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * When a process was started, in a form that only compares. Together with the number it names one process for good:
 * numbers are given out again, after a restart of the machine or of a container even soon.
 * @returns undefined when there is no such process
 */
export async function startOf(pid: number): Promise<string | undefined> {
  if (!isAlive(pid)) return undefined;
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    // The name in parentheses may hold spaces; start time is field 22, the 20th after it (proc_pid_stat(5)).
    const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields?.[0] === 'Z' ? undefined : fields?.[19];
  }
  return psField(pid, 'lstart');
}

/** Number of the parent process. */
export async function parentOf(pid: number): Promise<number | undefined> {
  if (process.platform === 'linux') {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
    return stat === undefined ? undefined : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  }
  const parent = await psField(pid, 'ppid');
  return parent === undefined ? undefined : Number(parent);
}

/** The command line of a process, its parts joined by spaces. */
export async function commandOf(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    return line.split('\0').join(' ').trim();
  }
  return (await psField(pid, 'command')) ?? '';
}

async function psField(pid: number, field: string): Promise<string | undefined> {
  try {
    const { stdout } = await execute('ps', ['-o', `${field}=`, '-p', String(pid)]);
    return stdout.trim() || undefined;
  } catch {
    // ps fails for a process that does not exist, which is an answer.
    return undefined;
  }
}

/** Waits until a process has gone. @returns false when it is still there after `limitMs` */
export async function waitForEnd(pid: number, limitMs: number): Promise<boolean> {
  const deadline = Date.now() + limitMs;
  while (Date.now() < deadline) {
    if ((await startOf(pid)) === undefined) return true;
    await new Promise((resolve) => setTimeout(resolve, 40));
  }
  return false;
}
