import { createAdapter as createPostgresAdapter } from '@socket.io/postgres-adapter';
import { createAdapter as createRedisAdapter } from '@socket.io/redis-adapter';
import { Redis } from 'ioredis';
import pg from 'pg';
import { Server, type ServerOptions } from 'socket.io';
import type { ServerEvents } from '../contracts/live.js';
import type { Config } from './config.js';
import type { Logger } from './logging.js';

type AdapterFactory = NonNullable<ServerOptions['adapter']>;
type Connection = { adapter: AdapterFactory; close: () => Promise<void> };
type ConnectionConfig = Pick<Config, 'redisUrl'> & { databaseUrl: string };

/**
 * Connects socket.io servers of several processes, through Redis or PostgreSQL.
 * PostgreSQL carries frames above 8,000 bytes in the table `socket_io_attachments`.
 */
export function connectLiveBus(config: ConnectionConfig, logger: Logger): Connection {
  const warn = (error: Error): void => logger.warn({ err: error }, 'live bus');
  if (config.redisUrl !== undefined) {
    const publisher = new Redis(config.redisUrl, { maxRetriesPerRequest: null });
    const subscriber = publisher.duplicate();
    publisher.on('error', warn);
    subscriber.on('error', warn);
    return {
      adapter: createRedisAdapter(publisher, subscriber),
      close: async () => {
        publisher.disconnect();
        subscriber.disconnect();
        await Promise.resolve();
      },
    };
  }
  const pool = new pg.Pool({
    connectionString: config.databaseUrl,
    max: 3,
    keepAlive: true,
    application_name: 'gatehouse-live',
    // Frames that are too long for a notification go through a table, where they needn't outlive a crash.
    options: '-c synchronous_commit=off',
  });
  pool.on('error', warn);
  // The adapter listens on a client of its own without minding its errors, which would end the process when PostgreSQL restarts.
  pool.on('connect', (client) => client.on('error', warn));
  return { adapter: createPostgresAdapter(pool, { errorHandler: warn }), close: () => pool.end() };
}

/** Sends events to rooms from a process that serves no sockets itself, such as a worker. */
export class LivePublisher {
  private readonly server: Server<Record<string, never>, ServerEvents>;
  private readonly connection: Connection;

  constructor(config: ConnectionConfig, logger: Logger) {
    this.connection = connectLiveBus(config, logger);
    this.server = new Server({ adapter: this.connection.adapter });
  }

  emit<E extends keyof ServerEvents>(room: string | string[], event: E, ...data: Parameters<ServerEvents[E]>): void {
    this.server.to(room).emit(event, ...data);
  }

  async close(): Promise<void> {
    // Not the server itself: it has no HTTP server under it, and its own `close` counts on one.
    await this.server.sockets.adapter.close();
    await this.connection.close();
  }
}
