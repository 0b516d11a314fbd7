import { createServer, type Server } from 'node:net';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import type { JobName } from '../../server/contracts/jobs.js';
import { JobQueue, migrateQueue } from '../../server/platform/queue.js';
import { createDataSource } from '../../server/platform/database/data-source.js';
import { eventually } from '../support/gatehouse.js';
import { emptyDatabase } from '../support/postgres.js';

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

describe('the queue on PostgreSQL', () => {
  it('runs every kind of job over a handful of connections', async () => {
    const { url, drop } = await emptyDatabase();
    await migrateQueue(url);
    const logger = pino({ level: 'silent' });
    const queue = new JobQueue({ databaseUrl: url, redisUrl: undefined }, logger);
    const names: JobName[] = [
      'score-attempts',
      'deliver-notifications',
      'deliver-webhooks',
      'issue-reset-links',
      'advance-recoveries',
      'run-backtests',
      'run-drills',
      'advance-warnings',
      'return-held',
      'sweep',
    ];
    const ran = new Map<JobName, number>();
    for (const name of names)
      queue.handle(name, () => {
        ran.set(name, (ran.get(name) ?? 0) + 1);
        return Promise.resolve();
      });
    for (let round = 0; round < 3; round += 1) {
      ran.clear();
      await Promise.all(names.map((name) => queue.wake(name, {})));
      await eventually(() => Promise.resolve(ran.size === names.length), 'a run of every kind of job');
    }
    const database = await createDataSource(url, 1).initialize();
    const [open] = await database.query<{ count: number }[]>(
      "SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'gatehouse'",
    );
    // Ten that listen, and what takes and finishes jobs. It was thirty and twenty more before they were shared.
    expect(open?.count).toBeLessThanOrEqual(18);
    await database.destroy();
    await queue.close();
    await drop();
  }, 30_000);
});
