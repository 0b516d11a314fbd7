import { Redis } from 'ioredis';
import { type Config, ConfigError } from './config.js';

/** Time that a Redis has to answer at the start, in milliseconds; one that is lost later is waited for. */
const ANSWER_LIMIT_MS = 5_000;

/**
 * Makes sure that the configured Redis is there, as everything after would only try again and again.
 * @throws ConfigError in one sentence
 */
export async function requireRedis({ redisUrl }: Pick<Config, 'redisUrl'>): Promise<void> {
  if (redisUrl === undefined) return;
  const redis = new Redis(redisUrl, {
    lazyConnect: true,
    connectTimeout: ANSWER_LIMIT_MS,
    retryStrategy: () => null,
    maxRetriesPerRequest: 0,
  });
  let cause = '';
  redis.on('error', (error) => (cause = error.message));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    const { host } = new URL(redisUrl);
    throw new ConfigError(
      `REDIS_URL: no Redis can be used at ${host} (${cause || (error as Error).message}). Start it, or correct the address.`,
    );
  } finally {
    redis.disconnect();
  }
}
