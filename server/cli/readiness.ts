import { readiness } from '../contracts/operations.js';

/** Longest start: a crash recovery, or a worker that rebuilds its memory from millions of attempts. */
const READY_LIMIT_MS = 180_000;
/** A server without a worker is usable, if not for long: after this, waiting for the worker ends. */
const WORKER_LIMIT_MS = 20_000;

/** Waits until the server says that it is usable and a worker is there; `never` also when told to stop waiting. */
export async function untilReady(address: string, stopped: AbortSignal): Promise<'ready' | 'never'> {
  const started = Date.now();
  while (Date.now() - started < READY_LIMIT_MS && !stopped.aborted) {
    const state = await stateOf(address);
    if (state === 'complete') return 'ready';
    if (state === 'without_worker' && Date.now() - started > WORKER_LIMIT_MS) return 'ready';
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  return 'never';
}

async function stateOf(address: string): Promise<'complete' | 'without_worker' | 'not_ready'> {
  try {
    const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    const answer = readiness.parse(await response.json());
    if (!response.ok) return 'not_ready';
    return answer.workers.length > 0 ? 'complete' : 'without_worker';
  } catch {
    // Nothing listens yet, or something that does not speak like Gatehouse: either way, not ready.
    return 'not_ready';
  }
}
