import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents } from '../../server/contracts/live.js';
import type { ApiClient } from './gatehouse.js';

export type LiveSocket = Socket<ServerEvents, ClientEvents>;

/** A connected live socket of a client's session. It does not come back by itself. */
export async function openLive(client: ApiClient, headers: Record<string, string> = {}): Promise<LiveSocket> {
  const socket: LiveSocket = io(client.url, {
    path: '/live',
    transports: ['websocket'],
    extraHeaders: { cookie: client.cookie, origin: client.url, ...headers },
    reconnection: false,
    forceNew: true,
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', () => resolve());
    socket.once('connect_error', reject);
  });
  return socket;
}

/** Resolves with the time, in milliseconds since 1970, at which the socket is cut. */
export const cutAt = (socket: LiveSocket): Promise<number> =>
  new Promise((resolve) => socket.once('disconnect', () => resolve(Date.now())));
