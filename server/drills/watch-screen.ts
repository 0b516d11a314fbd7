import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import type { ServerEvents } from '../contracts/live.js';
import type { Config } from '../platform/config.js';
import { equalInConstantTime, randomToken } from '../platform/crypto.js';
import { connectLiveBus } from '../platform/live-bus.js';
import { rooms } from '../platform/live-rooms.js';
import type { Logger } from '../platform/logging.js';

/** What a console shows while a drill runs, with the time of its coming, in milliseconds since 1970. */
export type Screen = {
  /** Rows of attempts, by the moment that the attempt gave as its own. */
  rows: ReadonlyMap<number, number>;
  /** Alerts by id. */
  alerts: ReadonlyMap<string, number>;
  close: () => Promise<void>;
};

/** Where the bus of live frames is. */
export type LiveBus = { config: Pick<Config, 'redisUrl' | 'databaseUrl'> & { databaseUrl: string }; logger: Logger };

/**
 * Watches live frames as the console of one more server would get them: over the bus, through a socket. Nobody signs in for it, so that
 * a drill opens no session: the socket is reachable from this machine alone, with a secret that only this process has.
 * @param applicationId whose attempts count
 */
export async function watchScreen({ config, logger }: LiveBus, applicationId: string): Promise<Screen> {
  const secret = randomToken();
  const bus = connectLiveBus(config, logger);
  const http = createServer();
  const server = new Server<Record<string, never>, ServerEvents>(http, {
    adapter: bus.adapter,
    transports: ['websocket'],
    serveClient: false,
  });
  server.use((socket, next) =>
    next(equalInConstantTime(String(socket.handshake.auth['secret']), secret) ? undefined : new Error('not_signed_in')),
  );
  server.on('connection', (socket) => void socket.join([rooms.staff, rooms.watchers]));
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const socket: Socket<ServerEvents> = io(`http://127.0.0.1:${(http.address() as AddressInfo).port}`, {
    transports: ['websocket'],
    auth: { secret },
    reconnection: false,
  });
  const seen = noteWhatComes(socket, applicationId);
  const close = async (): Promise<void> => {
    socket.disconnect();
    await server.close();
    await bus.close();
  };
  try {
    await connected(socket);
  } catch (error) {
    await close();
    throw error;
  }
  return { ...seen, close };
}

function noteWhatComes(socket: Socket<ServerEvents>, applicationId: string): Pick<Screen, 'rows' | 'alerts'> {
  const rows = new Map<number, number>();
  const alerts = new Map<string, number>();
  socket.on('attempts.scored', (frame) => {
    for (const { application, occurredAt } of frame.rows)
      if (application.id === applicationId) rows.set(new Date(occurredAt).getTime(), Date.now());
  });
  socket.on('alert.raised', ({ id }) => alerts.set(id, Date.now()));
  return { rows, alerts };
}

async function connected(socket: Socket<ServerEvents>): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => reject(new Error(`The live screen was not reached: ${error.message}`)));
  });
}
