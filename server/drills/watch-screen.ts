import { io, type Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents } from '../contracts/live.js';

/** How long a connection may take, in milliseconds. */
const CONNECT_MS = 10_000;

/** What a console shows while a drill runs, with the time of its coming, in milliseconds since 1970. */
export type Screen = {
  /** Rows of attempts, by the moment that the attempt gave as its own. */
  rows: ReadonlyMap<number, number>;
  /** Alerts by id. */
  alerts: ReadonlyMap<string, number>;
  close: () => void;
};

/**
 * Opens a live socket as a browser's console does, with a session of its own.
 * @param applicationId whose attempts count
 */
export async function watchScreen(url: string, cookie: string, applicationId: string): Promise<Screen> {
  const rows = new Map<number, number>();
  const alerts = new Map<string, number>();
  const socket: Socket<ServerEvents, ClientEvents> = io(url, {
    path: '/live',
    transports: ['websocket'],
    extraHeaders: { cookie, origin: new URL(url).origin },
    reconnection: false,
    forceNew: true,
    timeout: CONNECT_MS,
  });
  socket.on('attempts.scored', (frame) => {
    for (const { application, occurredAt } of frame.rows)
      if (application.id === applicationId) rows.set(new Date(occurredAt).getTime(), Date.now());
  });
  socket.on('alert.raised', ({ id }) => alerts.set(id, Date.now()));
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('connect_error', (error) => {
      socket.disconnect();
      reject(new Error(`The live screen at ${url} was not reached: ${error.message}`));
    });
  });
  const answer = await socket.timeout(CONNECT_MS).emitWithAck('watch.attempts', true);
  if (!answer.ok) {
    socket.disconnect();
    throw new Error(`The live screen refused: ${answer.code}`);
  }
  return { rows, alerts, close: () => socket.disconnect() };
}
