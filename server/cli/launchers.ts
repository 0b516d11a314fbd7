import { commandOf, parentOf, startOf } from '../platform/embedded/processes.js';

/** One process for good: its number and when it was started. */
export type ProcessMark = { pid: number; start: string };

/** How often we look whether those who started us are still there. */
const POLL_MS = 400;

export async function markOf(pid: number): Promise<ProcessMark | undefined> {
  const start = await startOf(pid);
  return start === undefined ? undefined : { pid, start };
}

/** Whether that very process still runs, not another one with its number. */
export const stillRuns = async ({ pid, start }: ProcessMark): Promise<boolean> => (await startOf(pid)) === start;

/**
 * npm and the shell it puts in between, when we were started through `npm start`; empty otherwise, as a start by
 * hand or by a service manager means us and may outlive its shell.
 */
export async function findLaunchers(): Promise<ProcessMark[]> {
  if (process.env['npm_lifecycle_event'] === undefined) return [];
  const found: ProcessMark[] = [];
  let pid: number | undefined = process.ppid;
  // npm, a shell, and a wrapper or two: nothing starts us deeper than that.
  for (let level = 0; level < 4 && pid !== undefined && pid > 1; level += 1) {
    const command = await commandOf(pid);
    const isNpm = /\b(npm|pnpm|yarn|npx)\b/.test(command.split(' ').slice(0, 2).join(' '));
    const isShell = /^(\S*\/)?(sh|dash|bash|zsh|busybox)( sh)? -c/.test(command);
    const mark = isNpm || isShell ? await markOf(pid) : undefined;
    if (mark) found.push(mark);
    if (isNpm || !isShell) break;
    pid = await parentOf(pid);
  }
  return found;
}

/**
 * Calls back once when one of the launchers has gone: a killed npm can't pass its end on.
 * @returns ends the watch
 */
export function watchLaunchers(launchers: ProcessMark[], gone: () => void): () => void {
  if (launchers.length === 0) return () => undefined;
  let busy = false;
  let over = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    const states = await Promise.all(launchers.map(stillRuns));
    busy = false;
    // The watch may have been ended in the middle of this look.
    if (over || states.every(Boolean)) return;
    endWatch();
    gone();
  };
  const timer = setInterval(() => void look(), POLL_MS);
  const endWatch = (): void => {
    over = true;
    clearInterval(timer);
  };
  return endWatch;
}
