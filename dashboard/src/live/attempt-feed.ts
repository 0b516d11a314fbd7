import type { AttemptRow, AttemptsFrame } from '../api/types.js';
import { AttemptPages, type FetchAttempts, type Loaded } from './attempt-pages.js';
import { matches, noFilters, onlyOutcome, type Filters } from './filters.js';
import { RateWindow, BUCKET_MS, BUCKETS } from './rate-window.js';
import { Ring } from './ring.js';
import { SampleRate } from './sample-rate.js';
import { FrameSequence } from './sequence.js';

/** Most attempts kept in the page for the live edge, and again as many while the list is held. */
export const RING_MAX = 5_000;
/** Most older attempts kept below the live edge. */
export const OLDER_MAX = 5_000;
/** A catch-up starts this much before the last known instant, because scoring may finish out of order. */
const OVERLAP_MS = 2_000;
export const WINDOW_MS = BUCKET_MS * BUCKETS;

/** How many attempts a catch-up brought, and whether that was all of them. */
export type CaughtUp = { filledIn: number; complete: boolean };

/** A line in place of attempts that the page knows nothing about. */
export type Gap = { gap: true; from: number; to: number };
export type Line = AttemptRow | Gap;
export const isGap = (line: Line): line is Gap => 'gap' in line;

/**
 * The attempts behind the live list: what is shown, what waits while the list is held, and the exact counts. It knows
 * nothing of the screen; whoever draws reads it when it is time to draw.
 */
export class AttemptFeed {
  readonly shown = new Ring<Line>(RING_MAX);
  readonly waiting = new Ring<Line>(RING_MAX);
  readonly window = new RateWindow();
  readonly rate = new SampleRate();
  /** Continues `shown` downwards: loaded when someone scrolls to the end. */
  older: AttemptRow[] = [];
  olderLeft = true;
  filters: Filters = noFilters;
  loading = false;
  /** New matching attempts since the list was held; exact while the filter is none or one outcome. */
  newCount = 0;
  /** Of those, how many at least high: what the status line says first. */
  newHighCount = 0;

  readonly #pages: AttemptPages;
  readonly #now: () => number;
  readonly #sequence = new FrameSequence();
  readonly #incoming = new Ring<Line>(RING_MAX);
  #held = false;
  #generation = 0;
  #clockOffset = 0;
  #knownUntil = 0;
  #catchingUp: Promise<CaughtUp> | null = null;
  #olderCursor: string | null = null;

  constructor(fetch: FetchAttempts, now: () => number = Date.now) {
    this.#pages = new AttemptPages(fetch);
    this.#now = now;
  }

  /** The server's clock as far as it is known from its frames; bars and ages are measured on it. */
  now(): number {
    return this.#now() + this.#clockOffset;
  }

  get length(): number {
    return this.shown.size + this.older.length;
  }

  /** The line at `position`, 0 being the newest. */
  line(position: number): Line | undefined {
    return this.shown.at(position) ?? this.older[position - this.shown.size];
  }

  get held(): boolean {
    return this.#held;
  }

  /** Holding freezes `shown`; letting go appends what came meanwhile. */
  set held(held: boolean) {
    if (held === this.#held) return;
    this.#held = held;
    if (held) return;
    const trimmed = this.shown.trimmed;
    this.waiting.drainInto(this.shown);
    if (this.shown.trimmed > trimmed) this.#forgetOlder();
    this.newCount = 0;
    this.newHighCount = 0;
  }

  /** Takes a frame in. @returns whether frames before it were missed, so that the caller catches up. */
  receive(frame: AttemptsFrame): boolean {
    const missed = !this.#sequence.follow(frame);
    const sentAt = Date.parse(frame.sentAt);
    this.#clockOffset = sentAt - this.#now();
    this.window.add(sentAt, frame.counts, frame.levels.critical);
    this.rate.add(sentAt, frame.rows.length, frame.counts.total, frame.sampled);
    if (!missed) this.markConnected();
    const matching = frame.rows.filter((row) => matches(row, this.filters));
    this.#count(frame, matching.length);
    const target = this.loading ? this.#incoming : this.#held ? this.waiting : this.shown;
    const trimmed = this.shown.trimmed;
    this.#append(target, matching.sort(byTime));
    if (this.shown.trimmed > trimmed) this.#forgetOlder();
    return missed;
  }

  /** Says that the connection stands: silence until now means that nothing happened. */
  markConnected(): void {
    if (this.#catchingUp) return;
    const now = this.now();
    if (this.#knownUntil > 0) this.window.markKnown(this.#knownUntil, now);
    this.#knownUntil = now;
  }

  /** Fills the list and the window anew, e.g. at the start. */
  async start(): Promise<void> {
    const watchedFrom = this.now();
    await this.#load(async () => {
      const loaded = await this.#pages.since({}, watchedFrom - WINDOW_MS);
      this.#countRows(loaded.rows, watchedFrom - WINDOW_MS, watchedFrom);
      const reach = loaded.cursor ? Date.parse(loaded.rows.at(-1)?.occurredAt ?? '') : watchedFrom - WINDOW_MS;
      this.window.markKnown(reach || watchedFrom, watchedFrom);
      this.#knownUntil = watchedFrom;
      return this.#filtered() ? this.#pages.matching(this.filters) : loaded;
    }, true);
  }

  /** Changes the filter: what is here and fits stays in sight while the server is asked. */
  async setFilters(filters: Filters): Promise<void> {
    this.filters = filters;
    const kept = [...this.shown].filter((line) => !isGap(line) && matches(line, filters)).reverse();
    this.shown.clear();
    this.#append(this.shown, kept);
    this.#forgetOlder();
    await this.#load(() => this.#pages.matching(this.filters), true);
  }

  /** Asks for what was scored while the page could not listen. @returns how many attempts were filled in. */
  catchUp(): Promise<CaughtUp> {
    // Twice at once would count the same attempts twice; a second reason to catch up is served by the first.
    this.#catchingUp ??= this.#catchUp().finally(() => (this.#catchingUp = null));
    return this.#catchingUp;
  }

  async #catchUp(): Promise<CaughtUp> {
    const result = { filledIn: 0, complete: true };
    const from = this.#knownUntil;
    if (from === 0) return this.start().then(() => result);
    const to = this.now();
    try {
      await this.#load(async () => {
        const { rows, cursor } = await this.#pages.since({ from: new Date(from - OVERLAP_MS).toISOString() }, 0);
        const have = new Set([...this.shown, ...this.waiting].flatMap((line) => (isGap(line) ? [] : [line.id])));
        const missed = rows.filter((row) => !have.has(row.id));
        result.filledIn = missed.length;
        result.complete = cursor === null;
        if (result.complete) {
          this.#countRows(missed, from, to);
          this.window.markKnown(from, to);
        } else this.#markGap(from, to);
        return { rows: missed, cursor };
      }, false);
    } catch (error) {
      this.#markGap(from, to);
      throw error;
    } finally {
      this.#knownUntil = to;
    }
    return result;
  }

  /** Some of these attempts are not in the page and not in its counts: a line says so, and the bars stay open. */
  #markGap(from: number, to: number): void {
    this.#append(this.#held ? this.waiting : this.shown, [{ gap: true, from, to }]);
  }

  /** Loads the next older page below the list. */
  async loadOlder(): Promise<void> {
    if (!this.olderLeft || this.loading || this.older.length >= OLDER_MAX) return;
    const generation = this.#generation;
    const oldest = this.older.at(-1) ?? this.#oldestShown();
    this.olderLeft = false;
    try {
      const page = await this.#pages.matching(this.filters, {
        cursor: this.#olderCursor,
        before: oldest?.occurredAt ?? null,
      });
      if (generation !== this.#generation) return;
      const have = new Set([...this.shown].flatMap((line) => (isGap(line) ? [] : [line.id])));
      this.older = [...this.older, ...page.rows.filter((row) => !have.has(row.id))];
      this.#olderCursor = page.cursor;
      this.olderLeft = page.cursor !== null;
    } catch (error) {
      this.olderLeft = true;
      throw error;
    }
  }

  /** Runs a load with the frames of the meantime put behind its rows; a newer load makes an older one void. */
  async #load(read: () => Promise<Loaded>, anew: boolean): Promise<void> {
    const generation = ++this.#generation;
    this.loading = true;
    try {
      const { rows, cursor } = await read();
      if (generation !== this.#generation) return;
      const target = this.#held && !anew ? this.waiting : this.shown;
      if (anew) {
        this.shown.clear();
        this.#olderCursor = cursor;
        this.olderLeft = cursor !== null;
      }
      this.#append(target, rows.filter((row) => matches(row, this.filters)).reverse(), 0);
      this.#settle(target, new Set(rows.map((row) => row.id)));
    } finally {
      if (generation === this.#generation) this.#finishLoading();
    }
  }

  #settle(target: Ring<Line>, have: Set<string>): void {
    const since = [...this.#incoming].reverse();
    this.#incoming.clear();
    this.#append(
      target,
      since.filter((line) => isGap(line) || !have.has(line.id)),
    );
  }

  /** Also after a failed load: what the socket brought meanwhile is shown in any case. */
  #finishLoading(): void {
    this.loading = false;
    this.#incoming.drainInto(this.#held ? this.waiting : this.shown);
  }

  #append(target: Ring<Line>, lines: readonly Line[], arrivedAt = this.#now()): void {
    for (const line of lines) target.push(line, arrivedAt);
  }

  #countRows(rows: readonly AttemptRow[], from: number, to: number): void {
    for (const row of rows) {
      const at = Date.parse(row.occurredAt);
      if (at < from || at > to) continue;
      const counts = { success: 0, failure: 0, challenge: 0, blocked: 0, [row.outcome]: 1 };
      this.window.add(at, counts, row.level === 'critical' ? 1 : 0);
    }
  }

  #count(frame: AttemptsFrame, matching: number): void {
    if (!this.#held) return;
    const outcome = onlyOutcome(this.filters);
    const byOutcomeOnly = outcome !== null && this.filters.conditions.length === 1;
    this.newCount += byOutcomeOnly ? frame.counts[outcome] : this.#filtered() ? matching : frame.counts.total;
    this.newHighCount += frame.levels.high + frame.levels.critical;
  }

  #filtered(): boolean {
    return this.filters.conditions.length > 0 || this.filters.range !== null;
  }

  #forgetOlder(): void {
    this.older = [];
    this.#olderCursor = null;
    this.olderLeft = true;
  }

  #oldestShown(): AttemptRow | undefined {
    const last = this.shown.at(this.shown.size - 1);
    return last && !isGap(last) ? last : undefined;
  }
}

const byTime = (a: AttemptRow, b: AttemptRow): number =>
  a.occurredAt < b.occurredAt ? -1 : a.occurredAt > b.occurredAt ? 1 : 0;
