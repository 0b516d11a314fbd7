import { z } from 'zod';
import { type Config, ConfigError } from '../config.js';

/** What the supervisor sends to its processes as soon as the database is there and migrated. */
export const databaseMessage = z.object({ type: z.literal('database'), url: z.string() });

/**
 * The configuration with the address of the database. `npm start` spawns its processes before it has that address, so that they
 * load their code meanwhile, and sends it after them.
 * @throws ConfigError when nobody knows the address
 */
export async function withDatabaseAddress(config: Config): Promise<Config & { databaseUrl: string }> {
  if (config.databaseUrl !== undefined) return { ...config, databaseUrl: config.databaseUrl };
  if (!process.send) throw new ConfigError('DATABASE_URL is not set; `npm start` sets it for the built-in database.');
  return { ...config, databaseUrl: await addressFromParent() };
}

function addressFromParent(): Promise<string> {
  return new Promise((resolve) => {
    const hear = (message: unknown): void => {
      const known = databaseMessage.safeParse(message);
      if (!known.success) return;
      process.off('message', hear);
      resolve(known.data.url);
    };
    process.on('message', hear);
  });
}
