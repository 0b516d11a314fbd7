import { setTimeout as wait } from 'node:timers/promises';
import type { PoolClient } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { withEnd } from './at-commit.js';
import { entities } from './entities.js';
import { migrations } from './migrations/index.js';

/** How often a transaction is run at most that PostgreSQL ends for the sake of another one. */
const RUNS_MAX = 4;
/** Longest pause before the next run, in milliseconds, times the runs so far. */
const PAUSE_MS = 40;

type Work<T> = (tx: EntityManager) => Promise<T>;
type Isolation = Exclude<Parameters<DataSource['transaction']>[0], Work<unknown>>;

/**
 * Runs a transaction again that was ended to resolve a deadlock: nothing of it was stored, and its caller can't tell. What a transaction
 * does must therefore be in the database alone.
 */
class RepeatingDataSource extends DataSource {
  override transaction<T>(work: Work<T>): Promise<T>;
  override transaction<T>(isolation: Isolation, work: Work<T>): Promise<T>;
  override async transaction<T>(...given: [Work<T>] | [Isolation, Work<T>]): Promise<T> {
    for (let run = 1; ; run += 1) {
      try {
        return given.length === 1
          ? await super.transaction((tx) => withEnd(tx, given[0]))
          : await super.transaction(given[0], (tx) => withEnd(tx, given[1]));
      } catch (error) {
        if (run >= RUNS_MAX || !isConflict(error)) throw error;
        await wait(Math.random() * PAUSE_MS * run);
      }
    }
  }
}

/** PostgreSQL chose this transaction to end: a deadlock, or two that can't be put in an order. */
const isConflict = (error: unknown): boolean => /^40(P01|001)$/.test((error as { code?: string }).code ?? '');

/** A database with its schema known; not yet connected. */
export function createDataSource(databaseUrl: string, poolSize = 12): DataSource {
  return new RepeatingDataSource({
    type: 'postgres',
    url: databaseUrl,
    entities,
    migrations,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'each',
    poolSize,
    // A statement that runs longer than this is a mistake; exports and migrations raise it for themselves.
    extra: {
      statement_timeout: 30_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
      application_name: 'gatehouse',
    },
  });
}

/** Whatever can run a query: the data source, or the transaction in which the caller stands. */
export type Queryable = DataSource | EntityManager;

/**
 * Lends a raw connection to the hot path, where an ORM's per-row work would be most of the cost, and a manager that runs its queries
 * on the same one.
 * The connection goes back to the pool afterwards; after an error it is destroyed, as its state is unknown.
 */
export async function withConnection<T>(
  dataSource: DataSource,
  work: (client: PoolClient, manager: EntityManager) => Promise<T>,
): Promise<T> {
  const runner = dataSource.createQueryRunner();
  try {
    return await work((await runner.connect()) as PoolClient, runner.manager);
  } finally {
    await runner.release();
  }
}
