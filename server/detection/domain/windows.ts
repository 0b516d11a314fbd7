import type { AttemptEvent } from './events.js';
import { Generations } from './generations.js';
import { DAY } from './policy.js';

/** The longest window any rule looks back. */
export const LONGEST_WINDOW_MS = DAY;

/** Mean life of the long-run rate of a trail: 30 days, as the slow-spray baseline of detection asks for. */
const BASELINE_MS = 30 * DAY;

/** The long-run rate of something, by its own times. */
class Rate {
  private mass = 0;
  private at = 0;

  add(at: number): void {
    const step = at - this.at;
    if (step > 0) {
      this.mass *= Math.exp(-step / BASELINE_MS);
      this.at = at;
    }
    this.mass += 1;
  }

  /** How many come in a window by chance. */
  expected(at: number, windowMs: number): number {
    const aged = this.mass * Math.exp(-Math.max(0, at - this.at) / BASELINE_MS);
    return (aged * windowMs) / BASELINE_MS;
  }
}

/** Recent events of one key in the order of their own times; the oldest are dropped when there are too many. */
export class Trail {
  readonly events: AttemptEvent[];
  private readonly rate: Rate | null;

  constructor(
    event: AttemptEvent,
    private readonly limits: WindowLimits,
  ) {
    // Most keys are seen once: a literal holds one event where the first push would reserve seventeen.
    this.events = [event];
    this.rate = limits.rated ? new Rate() : null;
    this.rate?.add(event.at);
  }

  get newest(): number {
    const last = this.events[this.events.length - 1];
    return last === undefined ? -Infinity : last.at;
  }

  insert(event: AttemptEvent): void {
    const { events } = this;
    this.rate?.add(event.at);
    // A replay of another, older time: what was kept says nothing about it.
    if (event.at < this.newest - 2 * LONGEST_WINDOW_MS) events.length = 0;
    let i = events.length;
    while (i > 0 && (events[i - 1] as AttemptEvent).at > event.at) i -= 1;
    if (i === events.length) events.push(event);
    else events.splice(i, 0, event);
    // A quarter at once, so that a full trail doesn't move its events at every insertion.
    if (events.length > this.limits.perKey) events.splice(0, this.limits.perKey >> 2);
    else if ((events[0] as AttemptEvent).at < event.at - 2 * LONGEST_WINDOW_MS) this.forgetBefore(event.at);
  }

  /** How many events chance alone brings into a window, by the long-run rate of a rated trail. */
  expected(at: number, windowMs: number): number {
    return this.rate?.expected(at, windowMs) ?? 0;
  }

  private forgetBefore(at: number): void {
    const { events } = this;
    let drop = 0;
    while ((events[drop] as AttemptEvent).at < at - LONGEST_WINDOW_MS) drop += 1;
    events.splice(0, drop);
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
  /** Whether the long-run rate of a key is kept. */
  rated: boolean;
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
    const fresh = new Trail(event, this.limits);
    this.trails.set(key, fresh);
    return fresh;
  }

  get keys(): number {
    return this.trails.size;
  }
}
