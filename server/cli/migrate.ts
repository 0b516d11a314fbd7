import { loadConfig } from '../platform/config.js';
import { createDataSource } from '../platform/database/data-source.js';
import { migrate } from '../platform/database/migrate.js';
import type { Output } from './output.js';
import { withDatabase } from './with-database.js';

/** `gatehouse migrate`: brings the schema of the database up to date. */
export async function migrateDatabase(output: Output): Promise<void> {
  const config = loadConfig(process.env);
  const applied =
    config.databaseUrl === undefined
      ? // The embedded database is always migrated when it is lent out.
        await withDatabase(config, output.say, (database) => migrate(database, config.retentionDays, output.say))
      : await migrateAt(config.databaseUrl, config.retentionDays, output.say);
  output.answer({ applied }, [applied.length === 0 ? 'The database is up to date.' : `Applied ${applied.length}.`]);
}

async function migrateAt(url: string, retentionDays: number, say: (line: string) => void): Promise<string[]> {
  const database = createDataSource(url, 2);
  await database.initialize();
  try {
    return await migrate(database, retentionDays, say);
  } finally {
    await database.destroy();
  }
}
