import type { ApiError } from '../../api/api-error.js';
import { toApiError } from '../../api/api-error.js';
import type { AttemptRow } from '../../api/types.js';
import { AttemptFeed, isGap } from '../../live/attempt-feed.js';
import type { FetchAttempts } from '../../live/attempt-pages.js';
import type { Connection } from '../../live/connection.svelte.js';
import { filterQuery, type Filters } from '../../live/filters.js';
import { Hold, type HoldReason } from '../../live/hold.js';
import { RolledAttempts } from '../../live/roll-up.js';
import { announcer } from '../../ui/announcer.svelte.js';
import { count } from '../../ui/wording.js';

/** Least time between two drawings, in milliseconds: four a second is as fast as anybody reads. */
const DRAW_MS = 250;
/** A slow machine draws less often, so that drawing takes at most one part in this many of its time. */
const SHARE = 8;
/** Drawing never gets slower than this, in milliseconds. */
const DRAW_MAX_MS = 1_000;
/** For how long the page says what a reconnect brought, in milliseconds. */
const CAUGHT_UP_MS = 30_000;

/**
 * The live page's state. The feed is plain data; `version` is the one thing that tells the page to read it again, and
 * it grows at most four times a second and never while the page is hidden.
 */
export class LiveView {
  version = $state(0);
  held = $state(false);
  paused = $state(false);
  error = $state.raw<ApiError | null>(null);
  /** Whether the server has answered once: until then nobody knows whether the list is empty. */
  known = $state(false);
  /** The attempt under the keyboard's cursor and the one in the side panel. */
  cursorId = $state<string | null>(null);
  openId = $state<string | null>(null);
  /** What the last reconnect brought, for a while after it. */
  caughtUp = $state<string | null>(null);
  /** Whether rows are rolled up while too many arrive to be read; the person may see them one by one all the same. */
  rollUp = $state(true);
  readonly feed: AttemptFeed;
  readonly rolled = new RolledAttempts();
  /** Whether somebody points at a rolled-up row. */
  pointed = false;
  readonly #hold = new Hold();
  readonly #connection: Connection;
  #dirty = true;
  #filtersShown = '';
  #following = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #caughtUpTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(connection: Connection, fetch: FetchAttempts) {
    this.#connection = connection;
    this.feed = new AttemptFeed(fetch);
  }

  /** Starts listening and drawing. @returns how to stop. */
  follow(filters: Filters): () => void {
    this.feed.filters = filters;
    this.#filtersShown = filterQuery(filters);
    const loaded = this.reload();
    let begunBefore = false;
    const stops = [
      this.#connection.on('attempts.scored', (frame) => {
        if (this.feed.receive(frame)) void this.catchUp();
        this.#dirty = true;
      }),
      this.#connection.on('attempts.surged', (frame) => {
        if (!this.paused) this.rolled.receive(frame, this.pointed, Date.now());
      }),
      this.#connection.watchAttempts(() => {
        // What the list missed before the server began to send is no gap that anybody has to be told of.
        const quiet = !begunBefore;
        begunBefore = true;
        void loaded.then(() => this.catchUp(quiet));
      }),
    ];
    this.#following = true;
    this.#wait(DRAW_MS);
    return () => {
      this.#following = false;
      clearTimeout(this.#timer);
      stops.forEach((stop) => stop());
    };
  }

  /** Loads the list anew, e.g. after an error. */
  async reload(): Promise<void> {
    await this.#loading(this.feed.start());
  }

  async show(filters: Filters): Promise<void> {
    const query = filterQuery(filters);
    if (query === this.#filtersShown) return;
    this.#filtersShown = query;
    this.release();
    this.cursorId = null;
    await this.#loading(this.feed.setFilters(filters));
  }

  async loadOlder(): Promise<void> {
    await this.#loading(this.feed.loadOlder());
  }

  /** After a gap: fills in what was missed and, unless `quiet`, says how much it was. */
  async catchUp(quiet = false): Promise<void> {
    const result = await this.#loading(this.feed.catchUp());
    if (!result || result.filledIn === 0 || quiet) return;
    const more = result.complete ? '' : '; a line marks what is missing';
    this.caughtUp = `Caught up ${count(result.filledIn, 'attempt')}${more}`;
    announcer.say(this.caughtUp);
    clearTimeout(this.#caughtUpTimer);
    this.#caughtUpTimer = setTimeout(() => (this.caughtUp = null), CAUGHT_UP_MS);
  }

  hold(reason: HoldReason, on: boolean): void {
    this.#hold.set(reason, on);
    this.#apply();
  }

  togglePause(): void {
    if (this.#hold.has('pause')) this.release();
    else this.hold('pause', true);
  }

  /** Back to the live edge: nothing holds the list any more, a pause included. */
  release(): void {
    this.#hold.release(true);
    this.#apply();
  }

  /** Position of an attempt in the list; -1 where it is not there any more. */
  positionOf(id: string | null): number {
    if (id === null) return -1;
    for (let position = 0; position < this.feed.length; position += 1) {
      const line = this.feed.line(position);
      if (line && !isGap(line) && line.id === id) return position;
    }
    return -1;
  }

  /** The attempt `step` lines from the cursor, past lines that are none; the first one where there is no cursor. */
  neighbour(step: number): { row: AttemptRow; position: number } | null {
    const here = this.positionOf(this.cursorId);
    const last = this.feed.length - 1;
    const direction = step < 0 ? -1 : 1;
    let position = here < 0 ? 0 : Math.min(last, Math.max(0, here + step));
    for (; position >= 0 && position <= last; position += direction) {
      const line = this.feed.line(position);
      if (line && !isGap(line)) return { row: line, position };
    }
    return null;
  }

  /** Asks for a drawing at once, after something that the person did. */
  draw(): void {
    this.#dirty = false;
    this.version += 1;
  }

  #apply(): void {
    this.held = this.#hold.held;
    this.paused = this.#hold.has('pause');
    this.feed.held = this.held;
    this.draw();
  }

  #wait(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#following) this.#timer = setTimeout(() => this.#tick(), milliseconds);
  }

  #tick(): void {
    // A connection that stands again sends nothing yet: what was missed meanwhile is no silence.
    if (this.#connection.sendsAttempts) this.feed.markConnected();
    // Hidden: what comes is counted, nothing is drawn.
    if (document.hidden) this.#wait(DRAW_MS);
    else requestAnimationFrame(() => this.#frame());
  }

  #frame(): void {
    const started = performance.now();
    if (this.#dirty && this.held && this.feed.newCount > 0) this.#announce();
    // Also without news: bars age, tints fade, "36 s ago" grows.
    this.draw();
    // The task after the frame: script, layout and painting are behind us.
    setTimeout(() => {
      const cost = performance.now() - started;
      this.#wait(Math.min(DRAW_MAX_MS, Math.max(DRAW_MS, cost * SHARE)) - cost);
    });
  }

  #announce(): void {
    const high = this.feed.newHighCount;
    announcer.say(`${count(this.feed.newCount, 'new attempt')}${high > 0 ? `, ${high} high` : ''}`);
  }

  async #loading<T>(work: Promise<T>): Promise<T | null> {
    try {
      const result = await work;
      this.error = null;
      this.known = true;
      return result;
    } catch (thrown) {
      this.error = toApiError(thrown);
      return null;
    } finally {
      this.draw();
    }
  }
}
