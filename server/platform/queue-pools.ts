import type { PgPool } from 'bullmq';
import pg from 'pg';
import type { Logger } from './logging.js';

/** PostgreSQL schema of the queue, apart from our own tables. */
export const QUEUE_SCHEMA = 'bullmq';
/** A lost job harms nothing, so nobody waits until the disk has it. */
const OPTIONS = `-c synchronous_commit=off -c search_path=${QUEUE_SCHEMA}`;
/** Asking for jobs is rare and short. */
const ASKING_MAX = 2;
/** Every kind of job keeps one connection that listens for its jobs; the rest take, renew and finish them. */
const WORKING_MAX = 16;

/**
 * The queue's connections of this process. By itself BullMQ opens up to three for each queue and each of its workers, which made
 * sixty to a hundred of one server and one worker, as many as the bundled PostgreSQL allows in all.
 */
export class QueuePools {
  private readonly pools: pg.Pool[] = [];
  private asking: PgPool | undefined;
  private working: PgPool | undefined;

  constructor(
    private readonly databaseUrl: string,
    private readonly logger: Logger,
  ) {}

  forAsking(): PgPool {
    return (this.asking ??= this.open(ASKING_MAX));
  }

  forWorking(): PgPool {
    return (this.working ??= this.open(WORKING_MAX));
  }

  async close(): Promise<void> {
    await Promise.all(this.pools.map((pool) => pool.end()));
  }

  private open(max: number): PgPool {
    const pool = new pg.Pool({
      connectionString: this.databaseUrl,
      max,
      options: OPTIONS,
      keepAlive: true,
      application_name: 'gatehouse-queue',
    });
    pool.on('error', (error) => this.logger.warn({ err: error }, 'lost an idle connection of the queue'));
    this.pools.push(pool);
    return lend(pool);
  }
}

/**
 * What BullMQ gets to see of the pool. A borrower neither ends it nor hangs listeners on it: those of workers that were opened
 * anew would stay for ever.
 */
function lend(pool: pg.Pool): PgPool {
  // BullMQ takes any pool of node-postgres; only the two descriptions of its listeners differ in words.
  const whole = pool as unknown as PgPool;
  const lent: PgPool = {
    connect: () => whole.connect(),
    query: (text, params) => whole.query(text, params),
    end: () => Promise.resolve(),
    on: () => lent,
    removeAllListeners: () => lent,
  };
  return lent;
}
