import { Redis } from 'ioredis';
import pg from 'pg';
import { RateLimiterPostgres, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import type { Config } from './config.js';
import { Refusal } from './errors.js';
import type { Logger } from './logging.js';

/** `points` tries in `seconds`, then none for `blockSeconds`. */
export type Limit = { name: string; points: number; seconds: number; blockSeconds: number };

type Limiter = RateLimiterPostgres | RateLimiterRedis;

/** Counts tries for the whole installation, in Redis or PostgreSQL; counters survive restarts. A limiter that can't count denies. */
export class Limits {
  private readonly limiters = new Map<string, Limiter>();
  private readonly redis: Redis | undefined;
  private readonly pool: pg.Pool | undefined;

  constructor(
    config: Pick<Config, 'redisUrl'> & { databaseUrl: string },
    private readonly logger: Logger,
  ) {
    const onError = (error: Error): void => this.logger.warn({ err: error }, 'limits');
    if (config.redisUrl !== undefined) {
      this.redis = new Redis(config.redisUrl, { enableOfflineQueue: false, maxRetriesPerRequest: 1 });
      this.redis.on('error', onError);
    } else {
      this.pool = new pg.Pool({ connectionString: config.databaseUrl, max: 4, application_name: 'gatehouse-limits' });
      this.pool.on('error', onError);
    }
  }

  /**
   * Takes one try.
   * @throws Refusal `too_many_tries` with the seconds to wait; `unavailable` when the count can't be kept
   */
  async take(limit: Limit, key: string): Promise<void> {
    try {
      await this.limiter(limit).consume(key);
    } catch (error) {
      if (error instanceof RateLimiterRes)
        throw new Refusal('too_many_tries', { retryAfter: Math.max(1, Math.ceil(error.msBeforeNext / 1000)) });
      this.logger.error({ err: error, limit: limit.name }, 'a limit could not be counted: denied');
      throw new Refusal('unavailable', { retryAfter: 2 });
    }
  }

  /** Gives a try back, after a right password. */
  async giveBack(limit: Limit, key: string): Promise<void> {
    await this.limiter(limit).reward(key);
  }

  /** Forgets every try that was counted. */
  async forget(limit: Limit, key: string): Promise<void> {
    await this.limiter(limit).delete(key);
  }

  async close(): Promise<void> {
    this.redis?.disconnect();
    await this.pool?.end();
  }

  private limiter(limit: Limit): Limiter {
    let limiter = this.limiters.get(limit.name);
    if (!limiter) {
      const options = {
        keyPrefix: limit.name,
        points: limit.points,
        duration: limit.seconds,
        blockDuration: limit.blockSeconds,
      };
      limiter = this.redis
        ? new RateLimiterRedis({ ...options, storeClient: this.redis, rejectIfRedisNotReady: true })
        : new RateLimiterPostgres({
            ...options,
            storeClient: this.pool,
            storeType: 'pool',
            tableName: 'limits',
            tableCreated: true,
            clearExpiredByTimeout: false,
          });
      this.limiters.set(limit.name, limiter);
    }
    return limiter;
  }
}
