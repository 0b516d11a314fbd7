import { Connection } from './connection.svelte.js';

/**
 * The connection of this page. Its code is loaded on the first start, so that signing in does not wait for it.
 * WebSocket only: the server keeps no polling state.
 */
export const live = new Connection(async () => {
  const { io } = await import('socket.io-client');
  return io({ path: '/live', transports: ['websocket'], reconnection: false, autoConnect: false });
});
