import { createPostgresBackend, Queue, Worker } from 'bullmq';
import { Redis } from 'ioredis';
import type { JobName, Jobs } from '../contracts/jobs.js';
import type { Config } from './config.js';
import type { Logger } from './logging.js';

type ConnectionConfig = Pick<Config, 'redisUrl'> & { databaseUrl: string };

/** PostgreSQL schema of the queue, apart from our own tables. */
const SCHEMA = 'bullmq';
/** A job that lost its worker this often is given up by the queue; the database still knows the work, and the sweep re-queues it. */
const MAX_STALLED = 100;

/**
 * The queue, on Redis or on PostgreSQL. It only wakes: a lost or repeated job harms nothing, as the database decides what is
 * still to be done.
 */
export class JobQueue {
  private readonly queues = new Map<JobName, Queue>();
  private readonly workers: Worker[] = [];
  private readonly redis: Redis | undefined;

  constructor(
    private readonly config: ConnectionConfig,
    private readonly logger: Logger,
  ) {
    this.redis =
      config.redisUrl === undefined
        ? undefined
        : new Redis(config.redisUrl, { maxRetriesPerRequest: null, enableOfflineQueue: false });
    this.redis?.on('error', (error) => this.logger.warn({ err: error }, 'redis'));
  }

  /** Asks for a job to run soon. While one of the same name waits, another adds nothing. */
  async wake<N extends JobName>(name: N, payload: Jobs[N]): Promise<void> {
    await this.queue(name).add(name, payload, {
      deduplication: { id: name, keepLastIfActive: true },
      removeOnComplete: true,
      removeOnFail: 100,
    });
  }

  /** Runs a job every so often, once for the whole installation. */
  async every<N extends JobName>(name: N, milliseconds: number, payload: Jobs[N]): Promise<void> {
    await this.queue(name).upsertJobScheduler(
      name,
      { every: milliseconds },
      { name, data: payload, opts: { removeOnComplete: true, removeOnFail: 100 } },
    );
  }

  /** Handles the jobs of one name in this process, one at a time. */
  handle<N extends JobName>(name: N, handler: (payload: Jobs[N]) => Promise<void>): Worker {
    const run = async (job: { data: unknown }): Promise<void> => handler(job.data as Jobs[N]);
    const options = { concurrency: 1, maxStalledCount: MAX_STALLED, drainDelay: 1 };
    const worker = this.redis
      ? new Worker(name, run, {
          ...options,
          connection: this.redis.duplicate({ maxRetriesPerRequest: null, enableOfflineQueue: true }),
        })
      : new Worker(name, run, { ...options, connection: this.postgres() }, createPostgresBackend);
    worker.on('failed', (job, error) => this.logger.error({ err: error, job: job?.name }, 'job failed'));
    worker.on('error', (error) => this.logger.warn({ err: error }, 'queue worker'));
    this.workers.push(worker as Worker);
    return worker as Worker;
  }

  /** Stops handling what {@link handle} began. */
  release(worker: Worker): void {
    worker.close().catch((error: unknown) => this.logger.warn({ err: error }, 'queue worker'));
  }

  async close(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.close()));
    await Promise.all([...this.queues.values()].map((queue) => queue.close()));
    this.redis?.disconnect();
  }

  private queue(name: JobName): Queue {
    let queue = this.queues.get(name);
    if (!queue) {
      queue = this.redis
        ? new Queue(name, { connection: this.redis })
        : (new Queue(name, { connection: this.postgres() }, createPostgresBackend) as unknown as Queue);
      queue.on('error', (error) => this.logger.warn({ err: error }, 'queue'));
      this.queues.set(name, queue);
    }
    return queue;
  }

  private postgres(): { connectionString: string; schema: string; max: number } {
    return { connectionString: this.config.databaseUrl, schema: SCHEMA, max: 2 };
  }
}

/** Brings the queue's own tables up to date; belongs to migration, as ordinary processes only check. */
export async function migrateQueue(databaseUrl: string): Promise<void> {
  const queue = new Queue(
    'migrate',
    { connection: { connectionString: databaseUrl, schema: SCHEMA, max: 2, migrate: true } },
    createPostgresBackend,
  );
  await queue.waitUntilReady();
  await queue.close();
}
