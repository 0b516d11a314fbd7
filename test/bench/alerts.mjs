import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '../support/connection.mjs';
import { seededRandom } from '../support/seeded-random.mjs';
import { Background } from './background.mjs';
import { openSocket } from './signed-in.mjs';
import { p50AndP99 } from './statistics.mjs';

/** Failures of one address within ten minutes that raise an alert (policy of detection: bruteForceSource.failures). */
const THRESHOLD = 5;
const ALERT_LIMIT_MS = 10_000;

/**
 * From the sending of the attempt that crosses a threshold to the alert on an administrator's socket, under steady traffic.
 * @param {import('../support/installation.mjs').Installation} installation
 * @param {{ key: string, nextAttempt: () => Record<string, unknown>, from: ConstructorParameters<typeof import('./bodies.mjs').Body>[2], cookie: string, samples: number }} options
 */
export async function measureAlerts(installation, { key, nextAttempt, from, cookie, samples }) {
  const url = installation.urls[0];
  const socket = await openSocket(url, cookie);
  await socket.emitWithAck('watch.attempts', true);
  const background = new Background(url, key, nextAttempt, from);
  background.start();
  await wait(2_000);
  const random = seededRandom(7);
  const attacker = new Connection(url);
  const latencies = [];
  try {
    for (let index = 0; index < samples; index += 1) {
      latencies.push(await attack({ socket, attacker, key, clock: from.clock, index }));
      // Not in step with frames and timers of the server.
      await wait(random.between(200, 450));
    }
  } finally {
    await background.stop();
    attacker.close();
    socket.disconnect();
  }
  return { ...p50AndP99(latencies), background: background.achieved };
}

/** A fresh address guesses passwords of one account; the last guess is the one that is timed. */
async function attack({ socket, attacker, key, clock, index }) {
  const ip = attackerAddress(index);
  const begun = clock.next();
  const guesses = Array.from({ length: THRESHOLD }, (_, number) => ({
    id: `attack-${index}-${number}`,
    occurredAt: new Date(begun + number * 1_000).toISOString(),
    subject: `root-${index}`,
    outcome: 'failure',
    reason: 'wrong_password',
    ip,
  }));
  await record(attacker, key, guesses.slice(0, -1));
  await wait(100);
  const raised = new Promise((resolve, reject) => {
    const limit = setTimeout(
      () => reject(new Error(`No alert for ${ip} within ${ALERT_LIMIT_MS} ms.`)),
      ALERT_LIMIT_MS,
    );
    const listen = (alert) => {
      if (alert.kind !== 'brute-force-source' || alert.ip !== ip) return;
      const at = performance.now();
      clearTimeout(limit);
      socket.off('alert.raised', listen);
      resolve(at);
    };
    socket.on('alert.raised', listen);
  });
  const sentAt = performance.now();
  await record(attacker, key, guesses.slice(-1));
  return (await raised) - sentAt;
}

/** Addresses in networks far from each other, so that each is an attack of its own and not one from a neighbourhood. */
const attackerAddress = (index) => `${60 + (index % 24)}.${10 + Math.floor(index / 24)}.${1 + index}.9`;

async function record(connection, key, attempts) {
  const { status, body } = await connection.sendJson('POST', '/api/v1/attempts', attempts, {
    authorization: `Bearer ${key}`,
  });
  if (status !== 202 || JSON.parse(body).recorded !== attempts.length)
    throw new Error(`An attack got ${status}: ${body}`);
}
