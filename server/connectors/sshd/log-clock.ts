const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** Lines may be this much ahead of our clock and still be of this year: covers a wrong clock and a wrong zone (up to 14 h). */
const AHEAD_MS = DAY;
/** Lines may be this much behind the line before: writers are not strictly ordered. More than that is a new year. */
const BEHIND_MS = 2 * DAY;
/** Within a quarter of an hour of wall-clock time no zone changes its offset twice, so one look-up serves all lines in it. */
const BLOCK_MS = HOUR / 4;
/** Look-ups kept: one line is tried in a few years, neighbouring lines in the same ones. */
const BLOCKS_MAX = 4_096;

const MONTHS = 'JanFebMarAprMayJunJulAugSepOctNovDec';

export interface LogClockOptions {
  /** IANA zone the lines were written in. */
  zone: string;
  /** Year of the first line; without it the latest year in which that line is not in the future. */
  year?: number | undefined;
  /** Our own clock, in milliseconds since 1970. */
  now: () => number;
  /** Time of the last line read by an earlier run, so that a resumed file goes on in the right year. */
  last?: number | null | undefined;
}

/** The zone this machine runs in. */
export function machineZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** Says whether this runtime knows the zone. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: zone });
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/** Gives instants to classic syslog stamps, which carry neither year nor zone. */
export class LogClock {
  private readonly toInstant: (wallClock: number) => number;
  private lastInstant: number | null;

  constructor(private readonly options: LogClockOptions) {
    this.toInstant = wallClockReader(options.zone);
    this.lastInstant = options.last ?? null;
  }

  /** Time of the last line read, in milliseconds since 1970. */
  get last(): number | null {
    return this.lastInstant;
  }

  /** The instant of `Mar 27 13:06:56` in milliseconds since 1970, or null when there is no such time. */
  read(month: string, day: number, hour: number, minute: number, second: number): number | null {
    const index = MONTHS.indexOf(month);
    if (index < 0 || index % 3 !== 0 || hour > 23 || minute > 59 || second > 60) return null;
    const inYear = (year: number): number | null => {
      const wallClock = Date.UTC(year, index / 3, day, hour, minute, second);
      // Date.UTC turns 29 February of a common year into 1 March: that year can't be meant.
      const real = new Date(Date.UTC(year, index / 3, day)).getUTCMonth() === index / 3;
      return real && day > 0 ? this.toInstant(wallClock) : null;
    };
    const instant = this.choose(inYear);
    if (instant !== null) this.lastInstant = instant;
    return instant;
  }

  private choose(inYear: (year: number) => number | null): number | null {
    const limit = this.options.now() + AHEAD_MS;
    const forward = this.forward(inYear);
    if (forward !== null && (forward <= limit || this.lastInstant === null)) return forward;
    const thisYear = new Date(limit).getUTCFullYear() + 1;
    // Nine years back always meet a leap year (1900 and 2100 are none), so 29 February is found too.
    for (let year = thisYear; year > thisYear - 10; year -= 1) {
      const instant = inYear(year);
      if (instant !== null && instant <= limit) return instant;
    }
    return null;
  }

  /** Logs run forward: December is followed by January of the next year, never by that of the same. */
  private forward(inYear: (year: number) => number | null): number | null {
    if (this.lastInstant === null) return this.options.year ? inYear(this.options.year) : null;
    const from = new Date(this.lastInstant).getUTCFullYear() - 1;
    for (let year = from; year < from + 4; year += 1) {
      const instant = inYear(year);
      if (instant !== null && instant >= this.lastInstant - BEHIND_MS) return instant;
    }
    return null;
  }
}

function wallClockReader(zone: string): (wallClock: number) => number {
  const offsetAt = offsetReader(zone);
  const offsets = new Map<number, number>();
  return (wallClock) => {
    const block = Math.floor(wallClock / BLOCK_MS);
    let offset = offsets.get(block);
    if (offset === undefined) {
      offset = offsetOfWallClock(offsetAt, wallClock);
      if (offsets.size >= BLOCKS_MAX) offsets.clear();
      offsets.set(block, offset);
    }
    return wallClock - offset;
  };
}

/** The hour that autumn repeats is read as its first pass; the hour that spring skips as if the clock had not been put forward yet. */
function offsetOfWallClock(offsetAt: (instant: number) => number, wallClock: number): number {
  const before = offsetAt(wallClock - DAY);
  const after = offsetAt(wallClock + DAY);
  if (before === after || offsetAt(wallClock - before) === before) return before;
  return offsetAt(wallClock - after) === after ? after : before;
}

/** Milliseconds a zone's wall clock is ahead of UTC at an instant. */
function offsetReader(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    for (const { type, value } of format.formatToParts(instant)) {
      if (type in part) part[type as keyof typeof part] = Number(value);
    }
    const wallClock = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
    return wallClock - Math.floor(instant / 1000) * 1000;
  };
}
