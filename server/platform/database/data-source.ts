import type { PoolClient } from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import { entities } from './entities.js';
import { migrations } from './migrations/index.js';

/** A database with its schema known; not yet connected. */
export function createDataSource(databaseUrl: string, poolSize = 12): DataSource {
  return new DataSource({
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
