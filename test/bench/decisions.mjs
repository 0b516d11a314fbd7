import { Connection } from '../support/connection.mjs';
import { p50AndP99, round } from './statistics.mjs';

/** Decisions asked for one after the other, on connections of their own. */
const CONNECTIONS = 4;

/**
 * Asks for decisions until it is told to stop, beside whatever else goes on.
 * @param {string} url
 * @param {string} key with the scope `decide`
 * @param {() => Record<string, unknown>} nextAttempt
 * @returns {{ stop: () => Promise<{ p50: number, p99: number, count: number, late: number }> }} `late` is the share that was not judged in time
 */
export function askForDecisions(url, key, nextAttempt) {
  const latencies = [];
  let late = 0;
  let running = true;
  const askers = Array.from({ length: CONNECTIONS }, async () => {
    const connection = new Connection(url);
    while (running) {
      // What is left out of JSON: it is not known yet.
      const signIn = { ...nextAttempt(), outcome: undefined, reason: undefined };
      const sentAt = performance.now();
      const { status, body } = await connection.sendJson('POST', '/api/v1/decide', signIn, {
        authorization: `Bearer ${key}`,
      });
      latencies.push(performance.now() - sentAt);
      if (status !== 200) throw new Error(`A decision got ${status}: ${body}`);
      if (JSON.parse(body).score === null) late += 1;
    }
    connection.close();
  });
  const done = Promise.all(askers);
  return {
    stop: async () => {
      running = false;
      await done;
      return { ...p50AndP99(latencies), count: latencies.length, late: round(late / latencies.length, 4) };
    },
  };
}
