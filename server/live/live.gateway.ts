import type { IncomingMessage } from 'node:http';
import proxyAddress from '@fastify/proxy-addr';
import { Inject, type OnApplicationShutdown } from '@nestjs/common';
import { type OnGatewayConnection, type OnGatewayInit, SubscribeMessage, WebSocketGateway } from '@nestjs/websockets';
import type { Server, Socket } from 'socket.io';
import { z } from 'zod';
import type { ClientEvents, ServerEvents } from '../contracts/live.js';
import { auditRoles, type Role, staffRoles } from '../contracts/people.js';
import { sessionTokenOf } from '../authentication/session-cookie.js';
import { rooms } from '../platform/live-rooms.js';
import type { Logger } from '../platform/logging.js';
import type { Config } from '../platform/config.js';
import { CONFIG, LOGGER } from '../platform/tokens.js';
import { CheckSession, type LiveSession } from '../sessions/check-session.js';
import type { UsedFrom } from '../sessions/note-revoked-use.js';
import { AlertPresence } from './alert-presence.js';
import { LiveSessions } from './live-sessions.js';
import { WatchHealth } from './watch-health.js';

type LiveSocket = Socket<
  ClientEvents,
  ServerEvents,
  Record<string, never>,
  { session: LiveSession; asked: Promise<Answer>; waiting: number }
>;
type Answer = { ok: true } | { ok: false; code: string };

/** Bytes that may wait for one slow reader; about a hundred frames. Beyond it the reader is cut off and catches up when it returns. */
const UNREAD_MAX = 2 * 1024 * 1024;
/** Questions of one socket that may wait for their answer; a page asks one at a time. */
const ASKED_MAX = 8;
const WATCH_SLOW_EVERY_MS = 1_000;

/**
 * The live side: a socket belongs to a session and lives no longer than it. Clients never name a room; they are put into those of
 * their session, person and role. Whatever a socket asks is checked against the database again.
 */
@WebSocketGateway({
  path: '/live',
  transports: ['websocket'],
  maxHttpBufferSize: 10_000,
  pingInterval: 20_000,
  pingTimeout: 20_000,
  serveClient: false,
})
export class LiveGateway implements OnGatewayInit<Server>, OnGatewayConnection<LiveSocket>, OnApplicationShutdown {
  private slowTimer: NodeJS.Timeout | undefined;
  private readonly presence = new AlertPresence((error) => this.logger.warn({ err: error }, 'presence'));

  constructor(
    private readonly check: CheckSession,
    private readonly sessions: LiveSessions,
    private readonly health: WatchHealth,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  afterInit(server: Server): void {
    server.use((socket, next) => {
      this.authenticate(socket.request).then(
        (session) => {
          if (typeof session === 'string') {
            next(new Error(session));
            return;
          }
          (socket as LiveSocket).data = { session, asked: Promise.resolve({ ok: true }), waiting: 0 };
          next();
        },
        () => next(new Error('unavailable')),
      );
    });
    this.sessions.attach(server);
    this.presence.attach(server);
    this.health.attach(server);
    this.slowTimer = setInterval(() => this.cutSlowReaders(server), WATCH_SLOW_EVERY_MS);
  }

  async handleConnection(socket: LiveSocket): Promise<void> {
    const { session } = socket.data;
    socket.on('disconnecting', () => this.presence.gone(socket));
    const staff = (staffRoles as readonly string[]).includes(session.role);
    await socket.join([
      rooms.session(session.sessionId),
      rooms.person(session.personId),
      ...(staff ? [rooms.staff] : []),
    ]);
    // Joined first, then looked again: a revocation between the check and the join would otherwise miss this socket.
    await this.sessions.cutShut([session.sessionId]).catch(() => socket.disconnect(true));
  }

  @SubscribeMessage('watch.attempts')
  async watchAttempts(socket: LiveSocket, on: unknown): Promise<Answer> {
    return this.inTurn(socket, async () => {
      await (on === true ? socket.join(rooms.watchers) : socket.leave(rooms.watchers));
    });
  }

  @SubscribeMessage('look.alert')
  async lookAtAlert(socket: LiveSocket, alertId: unknown): Promise<Answer> {
    if (alertId !== null && !z.uuid().safeParse(alertId).success) return { ok: false, code: 'invalid_request' };
    return this.inTurn(socket, () => this.presence.look(socket, alertId as string | null));
  }

  @SubscribeMessage('watch.health')
  async watchHealth(socket: LiveSocket, on: unknown): Promise<Answer> {
    const change = async (): Promise<void> => {
      await (on === true ? socket.join(rooms.health) : socket.leave(rooms.health));
    };
    return this.inTurn(socket, change, auditRoles);
  }

  onApplicationShutdown(): void {
    clearInterval(this.slowTimer);
    this.presence.detach();
    this.health.detach();
  }

  /** One after the other, so that the last word counts, and few at a time, so that a flood reaches no database. */
  private async inTurn(
    socket: LiveSocket,
    act: () => Promise<void>,
    roles: readonly Role[] = staffRoles,
  ): Promise<Answer> {
    const { data } = socket;
    if (data.waiting >= ASKED_MAX) return { ok: false, code: 'too_many_tries' };
    data.waiting += 1;
    data.asked = data.asked.then(() => this.asOneOf(roles, socket, act)).finally(() => (data.waiting -= 1));
    return data.asked;
  }

  private async asOneOf(roles: readonly Role[], socket: LiveSocket, act: () => Promise<void>): Promise<Answer> {
    try {
      const check = await this.check.checkById(socket.data.session.sessionId);
      if (check.state !== 'live' || check.session.confinedTo !== null) return { ok: false, code: 'not_signed_in' };
      const { session } = check;
      if (!(roles as readonly string[]).includes(session.role)) return { ok: false, code: 'forbidden' };
      await act();
      return { ok: true };
    } catch (error) {
      this.logger.warn({ err: error }, 'a socket could not be checked');
      return { ok: false, code: 'unavailable' };
    }
  }

  /** @returns the session, or the code with which the socket is refused */
  private async authenticate(request: IncomingMessage): Promise<LiveSession | 'not_signed_in' | 'session_locked'> {
    const token = sessionTokenOf(request.headers.cookie);
    const check = token === undefined ? undefined : await this.check.check(token, false, this.usedFrom(request));
    if (check?.state === 'locked') return 'session_locked';
    return check?.state === 'live' && check.session.confinedTo === null ? check.session : 'not_signed_in';
  }

  /** A handshake passes the web server by, so the addresses that proxies name are read here by the same rule. */
  private usedFrom(request: IncomingMessage): UsedFrom {
    return { ip: proxyAddress(request, this.config.trustedProxies), userAgent: request.headers['user-agent'] };
  }

  /** By force: an orderly end waits until everything is written, which is what a slow reader does not allow. */
  private cutSlowReaders(server: Server): void {
    for (const { conn } of server.sockets.sockets.values()) {
      const { writeBuffer, transport } = conn as unknown as Connection;
      const queued = writeBuffer.reduce((sum, { data }) => sum + (data?.length ?? 0), 0);
      if (queued + (transport.socket?.bufferedAmount ?? 0) > UNREAD_MAX) transport.socket?.terminate();
    }
  }
}

/** A connection as engine.io keeps it: what the kernel would not take yet, and behind it the packets that wait for that. */
type Connection = {
  writeBuffer: readonly { data?: { length: number } }[];
  transport: { socket?: { bufferedAmount: number; terminate: () => void } };
};
