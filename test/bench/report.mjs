/** @typedef {{ p50: number, p99: number }} Times milliseconds */
/**
 * @typedef {object} Figures
 * @property {number} floorRowsPerSecond rows that PostgreSQL takes when it does nothing else
 * @property {number} scoredPerSecond attempts accepted, stored and scored
 * @property {number} ratio scoredPerSecond / floorRowsPerSecond
 * @property {number} cpuRatio processor time of a row of the floor / of a scored attempt (server, worker, PostgreSQL)
 * @property {number} singlePerSecond
 * @property {number} singleP99Ms
 * @property {Times} decideMs
 * @property {Times} attemptToAlertMs
 * @property {Times} revokeToRefusedMs
 * @property {Times} revokeToSocketCutMs
 * @property {{ idle: number, peak: number }} rssMb server and worker together
 */

/** Lines of the table: what, which figures it is made of, and how they read. */
const lines = [
  ['floor: rows by COPY alone', (f) => f.floorRowsPerSecond, (f) => `${f.floorRowsPerSecond}/s`],
  ['accepted, stored and scored, in bulk', (f) => f.scoredPerSecond, (f) => `${f.scoredPerSecond}/s`],
  ['of the floor, by wall clock', (f) => f.ratio, (f) => f.ratio],
  ['of the floor, by processor time', (f) => f.cpuRatio, (f) => f.cpuRatio],
  ['single attempts, 64 connections', (f) => f.singleP99Ms, (f) => `${f.singlePerSecond}/s, p99 ${f.singleP99Ms} ms`],
  ['decision, beside single attempts', (f) => f.decideMs, (f) => times(f.decideMs)],
  ['attempt to alert on the socket, under 1,000/s', (f) => f.attemptToAlertMs, (f) => times(f.attemptToAlertMs)],
  ['click to refused by every server', (f) => f.revokeToRefusedMs, (f) => times(f.revokeToRefusedMs)],
  ['click to sockets cut on every server', (f) => f.revokeToSocketCutMs, (f) => times(f.revokeToSocketCutMs)],
  ['memory, server and worker', (f) => f.rssMb, (f) => `idle ${f.rssMb.idle} MB, peak ${f.rssMb.peak} MB`],
];
const times = ({ p50, p99 }) => `p50 ${p50} ms, p99 ${p99} ms`;

/** @param {Partial<Figures>} figures what was not measured is left out @returns {string} */
export function asTable(figures) {
  const measured = lines.filter(([, of]) => of(figures) !== undefined);
  const width = Math.max(...measured.map(([name]) => name.length));
  return measured.map(([name, , read]) => `${name.padEnd(width)}  ${read(figures)}`).join('\n');
}
