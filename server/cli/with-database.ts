import type { DataSource } from 'typeorm';
import { type Config } from '../platform/config.js';
import { createDataSource } from '../platform/database/data-source.js';
import { migrate } from '../platform/database/migrate.js';
import { startEmbeddedPostgres } from '../platform/embedded/embedded-postgres.js';
import { Complaint } from './complaint.js';
import { claim } from './instance.js';

/** A command needs few connections. */
const POOL_SIZE = 2;
const WAIT_LIMIT_MS = 60_000;

/**
 * Lends a command the database: the one of DATABASE_URL, that of the Gatehouse that runs on the data folder, or, when
 * none does, the embedded one, started for this command and stopped after it.
 */
export async function withDatabase<T>(
  config: Config,
  say: (line: string) => void,
  work: (database: DataSource) => Promise<T>,
): Promise<T> {
  if (config.databaseUrl !== undefined) return connected(config.databaseUrl, requireMigrated(work));
  const deadline = Date.now() + WAIT_LIMIT_MS;
  while (Date.now() < deadline) {
    const outcome = await claim(config.dataDir, { kind: 'command', launchers: [], address: config.publicUrl });
    if (!('holder' in outcome)) {
      try {
        return await withOwnPostgres(config, say, work);
      } finally {
        await outcome.release();
      }
    }
    // A Gatehouse that is still starting has no address yet; another command is done in a moment.
    if (outcome.databaseUrl !== undefined) return connected(outcome.databaseUrl, work);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Complaint(
    `Another Gatehouse has held ${config.dataDir} for a minute without getting ready: look at its terminal.`,
  );
}

async function withOwnPostgres<T>(
  { dataDir, retentionDays }: Config,
  say: (line: string) => void,
  work: (database: DataSource) => Promise<T>,
): Promise<T> {
  const postgres = await startEmbeddedPostgres({ dataDir, say });
  try {
    return await connected(postgres.url, async (database) => {
      await migrate(database, retentionDays);
      return work(database);
    });
  } finally {
    await postgres.stop();
  }
}

async function connected<T>(url: string, work: (database: DataSource) => Promise<T>): Promise<T> {
  const database = createDataSource(url, POOL_SIZE);
  await database.initialize();
  try {
    return await work(database);
  } finally {
    await database.destroy();
  }
}

/** An operator's own database is migrated when the operator says so, not by the way. */
function requireMigrated<T>(work: (database: DataSource) => Promise<T>): (database: DataSource) => Promise<T> {
  return async (database) => {
    if (await database.showMigrations())
      throw new Complaint('The database lacks migrations: run "gatehouse migrate" first.');
    return work(database);
  };
}
