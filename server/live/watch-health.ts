import type { Server } from 'socket.io';
import type { ClientEvents, ServerEvents } from '../contracts/live.js';
import type { ReadHealth } from '../health/read-health.js';
import { rooms } from '../platform/live-rooms.js';

/** How often those who look at the page about health are told anew, in milliseconds. */
const MEASURE_EVERY_MS = 2_000;

/** Measures the installation while somebody looks, and only then; each server for its own sockets. */
export class WatchHealth {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly health: ReadHealth,
    private readonly onError: (error: unknown) => void,
  ) {}

  attach(server: Server): void {
    const { local } = server as Server<ClientEvents, ServerEvents>;
    const measure = async (): Promise<void> => {
      if (!server.sockets.adapter.rooms.has(rooms.health)) return;
      local.to(rooms.health).emit('health.measured', await this.health.read());
    };
    // One after the other: where the database is slow, measuring must not pile up.
    const again = (): void => {
      this.timer = setTimeout(() => void measure().catch(this.onError).finally(again), MEASURE_EVERY_MS);
      this.timer.unref();
    };
    again();
  }

  detach(): void {
    clearTimeout(this.timer);
  }
}
