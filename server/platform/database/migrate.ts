import type { DataSource } from 'typeorm';
import { migrateQueue } from '../queue.js';
import { maintainPartitions } from './partitions.js';

/** Two starts at once must not both migrate; the number only has to be ours. */
const MIGRATION_LOCK = 7_203_311;

/**
 * Brings the schema up to date. Safe to run from several processes: the others wait and find nothing left to do.
 * @param retentionDays days that attempts are kept: partitions before that are dropped, so it is never guessed
 * @returns the names of the migrations that were applied
 */
export async function migrate(
  dataSource: DataSource,
  retentionDays: number,
  log: (line: string) => void = () => {},
): Promise<string[]> {
  const runner = dataSource.createQueryRunner();
  await runner.connect();
  try {
    await runner.query('SET statement_timeout = 0');
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const applied = await dataSource.runMigrations();
    for (const migration of applied) log(`Migrated: ${migration.name}`);
    await maintainPartitions(dataSource, Date.now(), retentionDays);
    await migrateQueue((dataSource.options as { url: string }).url);
    return applied.map((migration) => migration.name);
  } finally {
    await runner.query('SELECT pg_advisory_unlock($1)', [MIGRATION_LOCK]);
    await runner.query('RESET statement_timeout');
    await runner.release();
  }
}
