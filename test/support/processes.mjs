import { readFile, readdir } from 'node:fs/promises';

/** Linux counts processor time in hundredths of a second (USER_HZ) on every architecture that Node runs on. */
const TICKS_PER_SECOND = 100;

/**
 * Fields of /proc/PID/stat from the third on, as proc(5) numbers them. The second, the name, may hold spaces and brackets.
 * @param {number} pid
 */
async function statOf(pid) {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return (/** @type {number} */ number) => Number(fields[number - 3]);
}

/** Undefined instead of an error for a process that has ended between two looks. */
const ifAlive = (promise) =>
  promise.catch((error) => {
    if (error.code === 'ENOENT' || error.code === 'ESRCH') return undefined;
    throw error;
  });

/**
 * Processor seconds, user and system together, that processes have used so far.
 * @param {readonly number[]} pids
 */
export async function cpuSeconds(pids) {
  const stats = await Promise.all(pids.map((pid) => statOf(pid)));
  return stats.reduce((sum, field) => sum + field(14) + field(15), 0) / TICKS_PER_SECOND;
}

/**
 * The same for a process and its children, those that have ended included: what a whole PostgreSQL has used.
 * @param {number} parent
 */
export async function cpuSecondsOfTree(parent) {
  let ticks = 0;
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const field = await ifAlive(statOf(Number(name)));
    if (!field) continue;
    if (Number(name) === parent) ticks += field(14) + field(15) + field(16) + field(17);
    else if (field(4) === parent) ticks += field(14) + field(15);
  }
  return ticks / TICKS_PER_SECOND;
}

/** @param {number} pid @returns {Promise<number>} the parent's process id */
export const parentOf = async (pid) => (await statOf(pid))(4);

/**
 * Resident memory of processes in megabytes (2^20 bytes), shared pages counted in each.
 * @param {readonly number[]} pids
 */
export async function residentMb(pids) {
  const texts = await Promise.all(pids.map((pid) => ifAlive(readFile(`/proc/${pid}/status`, 'utf8'))));
  const kilobytes = texts.map((text) => Number(/^VmRSS:\s+(\d+) kB/m.exec(text ?? '')?.[1] ?? 0));
  return kilobytes.reduce((sum, each) => sum + each, 0) / 1024;
}
