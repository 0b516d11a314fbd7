import { Connection } from '../support/connection.mjs';
import { Body } from './bodies.mjs';
import { processorTime, usedBetween } from './processor-time.mjs';
import { percentile, round } from './statistics.mjs';

const CONNECTIONS = 64;

/** Sends one attempt a request. @param {Connection} connection @param {string} key @param {Body} body */
export async function sendOne(connection, key, body) {
  const bytes = body.renew();
  const head = connection.head('POST', '/api/v1/attempts', {
    authorization: `Bearer ${key}`,
    'content-type': 'application/json',
    'content-length': bytes.length,
  });
  const { status, body: answer } = await connection.send(head, bytes);
  if (status !== 202 || !answer.startsWith('{"recorded":1,'))
    throw new Error(`A single attempt got ${status}: ${answer}`);
}

/**
 * Requests of one attempt each over many connections; each answer comes after its commit.
 * @param {import('../support/installation.mjs').Installation} installation
 * @param {string} key
 * @param {() => Record<string, unknown>} nextAttempt
 * @param {ConstructorParameters<typeof Body>[2]} from
 * @param {number} seconds
 */
export async function measureSingles(installation, key, nextAttempt, from, seconds) {
  const latencies = [];
  const before = await processorTime(installation);
  const started = performance.now();
  const deadline = started + seconds * 1_000;
  const connections = Array.from({ length: CONNECTIONS }, () => new Connection(installation.urls[0]));
  await Promise.all(
    connections.map(async (connection) => {
      const bodies = Array.from({ length: 64 }, () => new Body(nextAttempt, 1, from));
      for (let turn = 0; performance.now() < deadline; turn += 1) {
        const sentAt = performance.now();
        await sendOne(connection, key, bodies[turn % bodies.length]);
        latencies.push(performance.now() - sentAt);
      }
    }),
  );
  const elapsed = (performance.now() - started) / 1_000;
  for (const connection of connections) connection.close();
  await installation.untilDrained();
  const cpu = usedBetween(before, await processorTime(installation));
  return {
    count: latencies.length,
    cpu,
    perSecond: round(latencies.length / elapsed, 0),
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
  };
}
