/** Longest start: a crash recovery, or a worker that rebuilds its memory from millions of attempts. */
const READY_LIMIT_MS = 180_000;

/** Waits until the server says that it is usable; `never` also when told to stop waiting. */
export async function untilReady(address: string, stopped: AbortSignal): Promise<'ready' | 'never'> {
  const deadline = Date.now() + READY_LIMIT_MS;
  while (Date.now() < deadline && !stopped.aborted) {
    if (await isReady(address)) return 'ready';
    await new Promise((resolve) => setTimeout(resolve, 60));
  }
  return 'never';
}

async function isReady(address: string): Promise<boolean> {
  try {
    const response = await fetch(`${address}/health/ready`, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    // Nothing listens yet, which is an answer.
    return false;
  }
}
