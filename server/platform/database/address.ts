import { z } from 'zod';
import { type Config, ConfigError } from '../config.js';

/** What the supervisor sends to its processes as soon as the database is there. */
export const databaseMessage = z.object({
  type: z.literal('database'),
  url: z.string(),
  /** Whether this process is the one that brings the schema up to date; the others hear of the database when it is. */
  migrate: z.boolean(),
});
export type DatabaseMessage = z.infer<typeof databaseMessage>;

/** The configuration with a database: `toMigrate` where nobody else has done it, `bundledDatabase` where it is the one that came along. */
export type DatabaseConfig = Config & { databaseUrl: string; toMigrate: boolean; bundledDatabase: boolean };

/**
 * The configuration with the address of the database. `npm start` spawns its processes before it has that address, so that they
 * load their code meanwhile, and sends it after them.
 * @throws ConfigError when nobody knows the address
 */
export async function withDatabaseAddress(config: Config): Promise<DatabaseConfig> {
  if (config.databaseUrl !== undefined)
    return { ...config, databaseUrl: config.databaseUrl, toMigrate: false, bundledDatabase: false };
  if (!process.send) throw new ConfigError('DATABASE_URL is not set; `npm start` sets it for the built-in database.');
  const { url, migrate } = await messageFromParent();
  return { ...config, databaseUrl: url, toMigrate: migrate, bundledDatabase: true };
}

function messageFromParent(): Promise<DatabaseMessage> {
  return new Promise((resolve) => {
    const hear = (message: unknown): void => {
      const known = databaseMessage.safeParse(message);
      if (!known.success) return;
      process.off('message', hear);
      resolve(known.data);
    };
    process.on('message', hear);
  });
}
