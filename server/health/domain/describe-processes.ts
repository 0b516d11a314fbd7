import { ALIVE_SECONDS, type ProcessView } from '../../contracts/health.js';

export type Process = Omit<ProcessView, 'state'>;

/**
 * Says of each process whether it is there. One that went silent counts as replaced when another of its kind began on its machine
 * after that, one for one: whoever restarts what was killed needs not be told of it.
 */
export function describeProcesses(processes: readonly Process[], nowMs: number): ProcessView[] {
  const isAlive = ({ seenAt }: Process): boolean => nowMs - Date.parse(seenAt) <= ALIVE_SECONDS * 1_000;
  const free = new Set(processes.filter(isAlive));
  const takePlace = (lost: Process): boolean => {
    const heir = [...free].find(
      ({ kind, host, startedAt }) => kind === lost.kind && host === lost.host && startedAt > lost.seenAt,
    );
    return heir !== undefined && free.delete(heir);
  };
  // The last one that was lost is the one whose place was taken last.
  const lost = processes.filter((one) => !isAlive(one)).sort((a, b) => b.seenAt.localeCompare(a.seenAt));
  const replaced = new Set(lost.filter(takePlace));
  return processes.map((one) => ({
    ...one,
    state: isAlive(one) ? ('alive' as const) : replaced.has(one) ? ('replaced' as const) : ('late' as const),
  }));
}
