import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Trouble } from './checkout.mjs';

/**
 * Looks whether the port is free before a minute goes into installing and building. The start itself looks again (port.ts), with every
 * other reason; this one is in plain JavaScript as there is no build yet, and leaves what it does not understand to it.
 * @param {NodeJS.ProcessEnv} env
 * @throws Trouble with the way out
 */
export async function checkPortEarly(env) {
  const port = Number(env.PORT || 3000);
  const host = env.HOST || '127.0.0.1';
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return;
  // A Gatehouse of this data folder may be what listens there: the start ends a leftover, and names one that runs on purpose.
  if (existsSync(join(env.GATEHOUSE_DATA_DIR || './data', 'running.json'))) return;
  if (!(await isTaken(host, port))) return;
  const other = port > 64_000 ? port - 1 : port + 1;
  throw new Trouble(
    `Port ${port} on ${host} is in use by another program: stop that, or choose another port with PORT=${other} npm start.`,
  );
}

function isTaken(host, port) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', ({ code }) => resolve(code === 'EADDRINUSE'));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(false)));
  });
}
