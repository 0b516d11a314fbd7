import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { JobQueue } from '../../server/platform/queue.js';

/** A PostgreSQL that takes connections and ends them, as one does that is shutting down. */
async function leavingPostgres(): Promise<{ url: string; server: Server }> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { server, url: `postgres://nobody:none@127.0.0.1:${(server.address() as AddressInfo).port}/none` };
}

describe('the queue while PostgreSQL is leaving', () => {
  it('tries again with pauses, and lets the process live and end', async () => {
    const { url, server } = await leavingPostgres();
    let complaints = 0;
    const logger = pino({ level: 'warn' }, { write: () => void (complaints += 1) });
    const queue = new JobQueue({ databaseUrl: url, redisUrl: undefined }, logger);
    queue.handle('sweep', () => Promise.resolve());
    // A queue that span would never let this timer run.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    expect(complaints).toBeGreaterThanOrEqual(2);
    expect(complaints).toBeLessThan(30);
    await expect(queue.wake('sweep', {})).rejects.toThrow();
    await queue.close();
    server.close();
  }, 30_000);
});
