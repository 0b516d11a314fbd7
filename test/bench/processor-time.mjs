import { cpuSeconds, cpuSecondsOfTree } from '../support/processes.mjs';
import { round } from './statistics.mjs';

/**
 * Processor seconds used so far by each side of a measurement; `generator` is this process.
 * @param {import('../support/installation.mjs').Installation} installation
 */
export async function processorTime({ servers, workers, postmaster }) {
  const { user, system } = process.cpuUsage();
  return {
    server: await cpuSeconds([servers[0].pid]),
    worker: await cpuSeconds([workers[0].pid]),
    postgres: await cpuSecondsOfTree(postmaster),
    generator: (user + system) / 1e6,
  };
}

/** What was used since then, by the same names. @template {Record<string, number>} T @param {T} before @param {T} after @returns {T} */
export const usedBetween = (before, after) =>
  Object.fromEntries(Object.entries(after).map(([name, seconds]) => [name, seconds - before[name]]));

/** Processor microseconds that one of so many took, for people to read. @param {Record<string, number>} used @param {number} count */
export const perOne = (used, count) =>
  Object.entries(used)
    .map(([name, seconds]) => `${name} ${round((seconds / count) * 1e6, 1)} µs`)
    .join(', ');
