import type { Socket } from 'socket.io-client';
import type { ClientEvents, ServerEvents } from '../api/types.js';

/** What of socket.io's client is used; tests give one of their own. */
export type LiveSocket = Pick<
  Socket<ServerEvents, ClientEvents>,
  'on' | 'onAny' | 'emit' | 'connect' | 'disconnect' | 'connected'
>;
export type LiveEvent = keyof ServerEvents;
/** `refused`: the server said that this browser may not listen; trying again would not help. */
export type LiveState = 'off' | 'connecting' | 'live' | 'reconnecting' | 'offline' | 'refused';

/** Waits between tries in milliseconds; the last one is repeated. */
const WAITS_MS = [1_000, 2_000, 4_000, 8_000, 15_000, 30_000];
/** After this many failed tries the page says "Offline" instead of "Reconnecting". */
const TRIES_UNTIL_OFFLINE = 3;
/** Part of a wait that is random, so that a thousand open pages don't return in the same instant. */
const JITTER = 0.25;

type Listener = (...given: never[]) => void;

/**
 * The one connection to the server's live events. It retries by itself with its own waits (socket.io's don't tell when
 * the next try is, and the page shows it), and lets pages listen before it stands.
 */
export class Connection {
  state = $state<LiveState>('off');
  /** When the connection was lost (milliseconds), while it is. */
  lostAt = $state<number | null>(null);
  /** When the next try is due, while waiting for it. */
  retryAt = $state<number | null>(null);
  /** Failed tries since the connection was lost. */
  tries = $state(0);

  readonly #open: () => Promise<LiveSocket>;
  readonly #listeners = new Map<LiveEvent, Set<Listener>>();
  readonly #standing = new Set<() => void>();
  readonly #watchers = new Set<() => void>();
  #socket: LiveSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Whether the server has said that it sends attempts on this connection. */
  #watched = false;
  #lookedAt: string | null = null;
  #watchesHealth = false;

  constructor(open: () => Promise<LiveSocket>) {
    this.#open = open;
  }

  /** Connects; does nothing where it already has. */
  async start(): Promise<void> {
    if (this.state !== 'off') return;
    this.state = 'connecting';
    const socket = await this.#open();
    // Stopped while the code was loading.
    if (this.#stopped()) return;
    this.#socket = socket;
    this.#attach(socket);
    socket.connect();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.state = 'off';
    this.lostAt = null;
    this.retryAt = null;
    this.tries = 0;
    // Let go of first: it tells of its end at once, which is no loss to make good.
    const socket = this.#socket;
    this.#socket = null;
    socket?.disconnect();
  }

  /** Does not wait for the next try. */
  tryNow(): void {
    clearTimeout(this.#timer);
    this.retryAt = null;
    if (!this.#socket || this.#socket.connected) return;
    // A try under way may hang: a proxy that ends the handshake cleanly leaves socket.io waiting for its time limit.
    this.#socket.disconnect();
    this.#socket.connect();
  }

  /** Listens to one kind of event. @returns how to stop. */
  on<E extends LiveEvent>(event: E, listener: ServerEvents[E]): () => void {
    const listeners = this.#listeners.get(event) ?? new Set<Listener>();
    this.#listeners.set(event, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  /**
   * Runs each time the connection comes to stand, the first time too: what was read before may lack what happened
   * between the reading and now. @returns how to stop.
   */
  onLive(listener: () => void): () => void {
    this.#standing.add(listener);
    return () => this.#standing.delete(listener);
  }

  /**
   * Asks for live attempts, also after each reconnect, until the returned function is called.
   * @param begun runs each time the server has begun to send them: whatever was read before may lack what came in between
   */
  watchAttempts(begun: () => void): () => void {
    this.#watchers.add(begun);
    if (this.#watched) begun();
    else if (this.#watchers.size === 1 && this.state === 'live') this.#askForAttempts(true);
    return () => {
      this.#watchers.delete(begun);
      if (this.#watchers.size === 0 && this.state === 'live') this.#askForAttempts(false);
    };
  }

  /** Asks to be told how the installation is, also after each reconnect, until the returned function is called. */
  watchHealth(): () => void {
    const ask = (on: boolean): void => {
      this.#watchesHealth = on;
      if (this.state === 'live') this.#sayWatchingHealth();
    };
    ask(true);
    return () => ask(false);
  }

  #sayWatchingHealth(): void {
    // Refused only where the session is over, which the next request says better.
    this.#socket?.emit('watch.health', this.#watchesHealth, () => undefined);
  }

  /** Whether the server sends attempts on this connection: only then does silence mean that nothing happened. */
  get sendsAttempts(): boolean {
    return this.state === 'live' && this.#watched;
  }

  /** Says which alert is open on this page, also after each reconnect; null: none any more. */
  lookAt(alertId: string | null): void {
    this.#lookedAt = alertId;
    if (this.state === 'live') this.#sayLooking();
  }

  #sayLooking(): void {
    // Refused only where the session is over, which the next request says better.
    this.#socket?.emit('look.alert', this.#lookedAt, () => undefined);
  }

  #stopped(): boolean {
    return this.state === 'off';
  }

  #attach(socket: LiveSocket): void {
    socket.on('connect', () => this.#connected());
    socket.on('disconnect', (reason) => this.#lost(socket, reason === 'io server disconnect'));
    socket.on('connect_error', (error) => this.#failed(socket, error));
    socket.onAny((event: LiveEvent, ...given: unknown[]) => {
      for (const listener of this.#listeners.get(event) ?? []) listener(...(given as never[]));
    });
  }

  #connected(): void {
    this.state = 'live';
    this.lostAt = null;
    this.retryAt = null;
    this.tries = 0;
    if (this.#watchers.size > 0) this.#askForAttempts(true);
    if (this.#lookedAt !== null) this.#sayLooking();
    if (this.#watchesHealth) this.#sayWatchingHealth();
    for (const listener of this.#standing) listener();
  }

  #askForAttempts(on: boolean): void {
    this.#watched = false;
    this.#socket?.emit('watch.attempts', on, (answer) => {
      if (!answer.ok) {
        this.#refused();
        return;
      }
      this.#watched = on;
      if (on) for (const begun of this.#watchers) begun();
    });
  }

  #lost(socket: LiveSocket, byServer: boolean): void {
    if (socket !== this.#socket) return;
    this.lostAt = Date.now();
    this.#watched = false;
    this.state = 'reconnecting';
    // The server cuts slow readers too. One try tells that from a session that is over.
    this.#wait(socket, byServer ? 1 : 0);
  }

  #failed(socket: LiveSocket, error: Error & { data?: unknown }): void {
    if (socket !== this.#socket) return;
    if (isRefusal(error)) {
      this.#refused();
      return;
    }
    this.lostAt ??= Date.now();
    this.tries += 1;
    this.state = this.tries >= TRIES_UNTIL_OFFLINE ? 'offline' : 'reconnecting';
    this.#wait(socket, this.tries);
  }

  #refused(): void {
    clearTimeout(this.#timer);
    this.retryAt = null;
    this.state = 'refused';
  }

  #wait(socket: LiveSocket, index: number): void {
    const wait = WAITS_MS[Math.min(index, WAITS_MS.length - 1)] ?? 0;
    const delay = wait * (1 - JITTER * Math.random());
    this.retryAt = Date.now() + delay;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.retryAt = null;
      socket.connect();
    }, delay);
  }
}

/** The server's middleware refuses with a code of the error catalogue. */
function isRefusal(error: Error & { data?: unknown }): boolean {
  const { data } = error;
  const code = typeof data === 'object' && data !== null && 'code' in data ? data.code : error.message;
  return (
    code === 'not_signed_in' ||
    code === 'session_ended' ||
    code === 'session_locked' ||
    code === 'forbidden' ||
    code === 'cross_site'
  );
}
