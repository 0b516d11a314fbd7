import { setTimeout as wait } from 'node:timers/promises';
import { createPostgresBackend, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { Carrier } from '../contracts/health.js';
import type { JobName, Jobs } from '../contracts/jobs.js';
import type { Config } from './config.js';
import { JobHandler, type OpenedWorker } from './job-handler.js';
import type { Logger } from './logging.js';
import { QUEUE_SCHEMA, QueuePools } from './queue-pools.js';

type ConnectionConfig = Pick<Config, 'redisUrl'> & { databaseUrl: string };

/** A job that lost its worker this often is given up by the queue; the database still knows the work, and the sweep re-queues it. */
const MAX_STALLED = 100;
/** A Redis that says nothing for longer is taken for lost, in milliseconds. */
const ANSWER_LIMIT_MS = 1_000;

/**
 * The queue, on Redis or on PostgreSQL. It only wakes: a lost or repeated job harms nothing, as the database decides what is
 * still to be done.
 */
export class JobQueue {
  private readonly queues = new Map<JobName, Queue>();
  private readonly handlers: JobHandler[] = [];
  private readonly redis: Redis | undefined;
  private readonly pools: QueuePools;

  constructor(
    config: ConnectionConfig,
    private readonly logger: Logger,
  ) {
    this.pools = new QueuePools(config.databaseUrl, logger);
    this.redis =
      config.redisUrl === undefined
        ? undefined
        : new Redis(config.redisUrl, { maxRetriesPerRequest: null, enableOfflineQueue: false });
    this.redis?.on('error', (error) => this.logger.warn({ err: error }, 'redis'));
  }

  /** Asks for a job to run soon. While one of the same name waits, another adds nothing. */
  async wake<N extends JobName>(name: N, payload: Jobs[N]): Promise<void> {
    await this.using(name, (queue) =>
      queue.add(name, payload, {
        deduplication: { id: name, keepLastIfActive: true },
        removeOnComplete: true,
        removeOnFail: 100,
      }),
    );
  }

  /** Runs a job every so often, once for the whole installation. */
  async every<N extends JobName>(name: N, milliseconds: number, payload: Jobs[N]): Promise<void> {
    const template = { name, data: payload, opts: { removeOnComplete: true, removeOnFail: 100 } };
    await this.using(name, (queue) => queue.upsertJobScheduler(name, { every: milliseconds }, template));
  }

  /** Handles the jobs of one name in this process, one at a time, until it is stopped. */
  handle<N extends JobName>(name: N, handler: (payload: Jobs[N]) => Promise<void>): JobHandler {
    const run = async (job: { data: unknown }): Promise<void> => handler(job.data as Jobs[N]);
    const jobHandler = new JobHandler(() => this.openWorker(name, run), this.logger);
    this.handlers.push(jobHandler);
    return jobHandler;
  }

  /** What carries the jobs, and in how many milliseconds it answers; null where it doesn't. */
  async carrier(): Promise<Carrier> {
    if (!this.redis) return { kind: 'postgresql' };
    const asked = performance.now();
    const answered = await Promise.race([
      this.redis.ping().then(
        () => true,
        () => false,
      ),
      wait(ANSWER_LIMIT_MS, false, { ref: false }),
    ]);
    return { kind: 'redis', answerMs: answered ? Math.round(performance.now() - asked) : null };
  }

  async close(): Promise<void> {
    await Promise.all(this.handlers.map((handler) => handler.stop()));
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    await this.pools.close();
    this.redis?.disconnect();
  }

  private openWorker(name: JobName, run: (job: { data: unknown }) => Promise<void>): OpenedWorker {
    const options = { concurrency: 1, maxStalledCount: MAX_STALLED, drainDelay: 1 };
    if (!this.redis) {
      const worker = new Worker(name, run, { ...options, connection: this.pools.forWorking() }, createPostgresBackend);
      // Only the backend differs, and nobody outside asks for it.
      return { worker: worker as unknown as Worker, close: () => worker.close() };
    }
    const connection = this.redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true });
    const worker = new Worker(name, run, { ...options, connection });
    // BullMQ leaves a connection that it was lent to its owner.
    return { worker, close: () => worker.close().finally(() => connection.disconnect()) };
  }

  /** A queue whose first connection failed would fail for ever: the next use opens another. */
  private async using(name: JobName, work: (queue: Queue) => Promise<unknown>): Promise<void> {
    const queue = this.queue(name);
    try {
      await work(queue);
    } catch (error) {
      this.queues.delete(name);
      queue.close().catch((late: unknown) => this.logger.debug({ err: late }, 'former queue'));
      throw error;
    }
  }

  private queue(name: JobName): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.redis
        ? new Queue(name, { connection: this.redis })
        : (new Queue(name, { connection: this.pools.forAsking() }, createPostgresBackend) as unknown as Queue);
      queue.on('error', (error) => this.logger.warn({ err: error }, 'queue'));
      this.queues.set(name, queue);
    }
    return queue;
  }
}

/** Brings the queue's own tables up to date; belongs to migration, as ordinary processes only check. */
export async function migrateQueue(databaseUrl: string): Promise<void> {
  const queue = new Queue(
    'migrate',
    { connection: { connectionString: databaseUrl, schema: QUEUE_SCHEMA, max: 2, migrate: true } },
    createPostgresBackend,
  );
  await queue.waitUntilReady();
  await queue.close();
}
