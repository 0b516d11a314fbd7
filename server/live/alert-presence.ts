import type { RemoteSocket, Server } from 'socket.io';
import type { ClientEvents, ServerEvents } from '../contracts/live.js';
import { rooms } from '../platform/live-rooms.js';
import type { LiveSession } from '../sessions/check-session.js';

/** How often it is looked whether everybody is still there, in milliseconds: a server that fell over says no goodbye. */
const LOOK_EVERY_MS = 15_000;
const PREFIX = rooms.alert('');

type Looking = RemoteSocket<ServerEvents, { session: LiveSession }>;
type LiveServer = Server<ClientEvents, ServerEvents, Record<string, never>, { session: LiveSession }>;
/** What of a socket is used here. */
type Looker = {
  rooms: ReadonlySet<string>;
  join: (room: string) => void | Promise<void>;
  leave: (room: string) => void | Promise<void>;
};

/** Who looks at which alert, on whichever server: each of them sees the others. Nothing of it is stored. */
export class AlertPresence {
  private server: LiveServer | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly told = new Map<string, string>();

  constructor(private readonly onError: (error: unknown) => void) {}

  attach(server: Server): void {
    this.server = server as LiveServer;
    this.timer = setInterval(() => this.lookAgain(), LOOK_EVERY_MS);
  }

  detach(): void {
    clearInterval(this.timer);
  }

  /** A socket looks at one alert, or at none any more; at most at one. */
  async look(socket: Looker, alertId: string | null): Promise<void> {
    const before = roomsOf(socket);
    for (const room of before) await socket.leave(room);
    if (alertId !== null) await socket.join(rooms.alert(alertId));
    for (const room of new Set([...before, ...(alertId === null ? [] : [rooms.alert(alertId)])])) await this.tell(room);
  }

  /** A socket goes; it has left nothing yet. */
  gone(socket: Looker & { id: string }): void {
    for (const room of roomsOf(socket)) void this.tell(room, socket.id).catch(this.onError);
  }

  private lookAgain(): void {
    const here = [...(this.server?.sockets.adapter.rooms.keys() ?? [])].filter((room) => room.startsWith(PREFIX));
    for (const room of this.told.keys()) if (!here.includes(room)) this.told.delete(room);
    for (const room of here) void this.tellAnew(room).catch(this.onError);
  }

  /** Only where something changed since this server last looked. */
  private async tellAnew(room: string): Promise<void> {
    const people = await this.lookers(room);
    if (this.told.get(room) !== JSON.stringify(people)) this.emit(room, people);
  }

  private async tell(room: string, except?: string): Promise<void> {
    this.emit(room, await this.lookers(room, except));
  }

  private emit(room: string, people: { id: string; name: string }[]): void {
    this.told.set(room, JSON.stringify(people));
    this.server?.to(room).emit('alert.lookers', { alertId: room.slice(PREFIX.length), people });
  }

  /** Asks every server. @param except a socket that is about to go */
  private async lookers(room: string, except?: string): Promise<{ id: string; name: string }[]> {
    const sockets: Looking[] = (await this.server?.in(room).fetchSockets()) ?? [];
    const people = new Map<string, string>();
    for (const { id, data } of sockets) if (id !== except) people.set(data.session.personId, data.session.name);
    return [...people].map(([id, name]) => ({ id, name })).sort((a, b) => (a.id < b.id ? -1 : 1));
  }
}

const roomsOf = (socket: Looker): string[] => [...socket.rooms].filter((room) => room.startsWith(PREFIX));
