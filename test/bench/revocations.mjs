import { setTimeout as wait } from 'node:timers/promises';
import { Connection } from '../support/connection.mjs';
import { seededRandom } from '../support/seeded-random.mjs';
import { openSocket } from './signed-in.mjs';
import { p50AndP99 } from './statistics.mjs';

/** Time in which the session is used before it is ended, so that what is ended is in full use. */
const USED_FOR_MS = 50;
const CUT_LIMIT_MS = 10_000;

/**
 * From the click that ends a session to the moment when every server refuses it and has cut its socket. The click goes to the
 * first server; on each server somebody uses the session without pause, and holds a socket.
 * @param {import('../support/installation.mjs').Installation} installation
 * @param {import('./signed-in.mjs').Sessions} sessions
 * @param {string} cookie of an administrator
 * @param {number} samples
 */
export async function measureRevocations(installation, sessions, cookie, samples) {
  const random = seededRandom(11);
  const refused = [];
  const cut = [];
  const clicker = new Connection(installation.urls[0]);
  const users = installation.urls.map((url) => ({ url, connection: new Connection(url) }));
  for (let sample = 0; sample < samples; sample += 1) {
    const times = await endOne({ sessions, clicker, cookie, users });
    refused.push(times.refusedMs);
    cut.push(times.cutMs);
    await wait(random.between(20, 120));
  }
  for (const { connection } of [{ connection: clicker }, ...users]) connection.close();
  return { refused: p50AndP99(refused), cut: p50AndP99(cut) };
}

async function endOne({ sessions, clicker, cookie, users }) {
  const victim = await sessions.begin();
  const sockets = await Promise.all(users.map(({ url }) => openSocket(url, victim.cookie)));
  const cuts = sockets.map(cutTime);
  const end = { answeredAt: Infinity };
  const uses = users.map(({ connection }) => useUntilRefused(connection, victim.cookie, end));
  await wait(USED_FOR_MS);
  const clickedAt = performance.now();
  const { status, body } = await clicker.sendJson('POST', `/api/v1/sessions/${victim.id}/revoke`, {}, { cookie });
  end.answeredAt = performance.now();
  if (status !== 200) throw new Error(`The revocation got ${status}: ${body}`);
  return {
    refusedMs: Math.max(...(await Promise.all(uses))) - clickedAt,
    cutMs: Math.max(...(await Promise.all(cuts))) - clickedAt,
  };
}

/**
 * One request after the other with the session.
 * @returns {Promise<number>} when the first refusal arrived
 * @throws when a request is let in that was sent after the revocation had been answered
 */
async function useUntilRefused(connection, cookie, end) {
  const head = connection.head('GET', '/api/v1/me', { cookie });
  for (;;) {
    const sentAt = performance.now();
    const { status, body } = await connection.send(head);
    if (status === 401) return performance.now();
    if (status !== 200) throw new Error(`A session in use got ${status}: ${body}`);
    if (sentAt > end.answeredAt) throw new Error('A session was let in after its end had been confirmed.');
  }
}

function cutTime(socket) {
  return new Promise((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`A socket was not cut within ${CUT_LIMIT_MS} ms.`)), CUT_LIMIT_MS);
    socket.once('disconnect', () => {
      clearTimeout(limit);
      resolve(performance.now());
    });
  });
}
