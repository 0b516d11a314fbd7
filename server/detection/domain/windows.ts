import type { AttemptEvent } from './events.js';
import { Generations } from './generations.js';
import { DAY } from './policy.js';

/** The longest window any rule looks back. */
export const LONGEST_WINDOW_MS = DAY;

/** Mean life of the long-run rate of a trail: 30 days, as the slow-spray baseline of detection asks for. */
const BASELINE_MS = 30 * DAY;

/** Recent events of one key in the order of their own times; the oldest are dropped when there are too many. */
export class Trail {
  readonly events: AttemptEvent[] = [];
  private mass = 0;
  private massAt = 0;

  constructor(private readonly most: number) {}

  get newest(): number {
    const last = this.events[this.events.length - 1];
    return last === undefined ? -Infinity : last.at;
  }

  insert(event: AttemptEvent): void {
    const { events } = this;
    this.weigh(event.at);
    // A replay of another, older time: what was kept says nothing about it.
    if (event.at < this.newest - 2 * LONGEST_WINDOW_MS) events.length = 0;
    let i = events.length;
    while (i > 0 && (events[i - 1] as AttemptEvent).at > event.at) i -= 1;
    if (i === events.length) events.push(event);
    else events.splice(i, 0, event);
    // A quarter at once, so that a full trail doesn't move its events at every insertion.
    if (events.length > this.most) events.splice(0, this.most >> 2);
    else if ((events[0] as AttemptEvent).at < event.at - 2 * LONGEST_WINDOW_MS) this.forgetBefore(event.at);
  }

  /** How many events chance alone brings into a window, by the long-run rate of this trail before `at`. */
  expected(at: number, windowMs: number): number {
    const aged = this.mass * Math.exp(-Math.max(0, at - this.massAt) / BASELINE_MS);
    return (aged * windowMs) / BASELINE_MS;
  }

  private weigh(at: number): void {
    const step = at - this.massAt;
    if (step > 0) {
      this.mass *= Math.exp(-step / BASELINE_MS);
      this.massAt = at;
    }
    this.mass += 1;
  }

  private forgetBefore(at: number): void {
    let drop = 0;
    while ((this.events[drop] as AttemptEvent).at < at - LONGEST_WINDOW_MS) drop += 1;
    this.events.splice(0, drop);
  }
}

/** Limits of one store. */
export interface WindowLimits {
  /** Keys of one generation. */
  keys: number;
  /** Events written into one generation; reached before `keys` when some keys are busy. */
  events: number;
  /** Events of one key. */
  perKey: number;
}

/**
 * Trails by key, least recently used forgotten first. At most two generations of `keys` keys and `events` event slots
 * are held however many keys an attacker invents; `memory.ts` states what that comes to.
 */
export class Windows<K> {
  private readonly trails: Generations<K, Trail>;

  constructor(private readonly limits: WindowLimits) {
    this.trails = new Generations(limits.keys, limits.events, (trail) => trail.events.length);
  }

  get(key: K): Trail | undefined {
    return this.trails.get(key);
  }

  /** @param trail what `get` just gave for the key */
  insert(key: K, event: AttemptEvent, trail: Trail | undefined): Trail {
    if (trail !== undefined) {
      trail.insert(event);
      this.trails.spend(1);
      return trail;
    }
    const fresh = new Trail(this.limits.perKey);
    fresh.insert(event);
    this.trails.set(key, fresh);
    return fresh;
  }

  get keys(): number {
    return this.trails.size;
  }
}
