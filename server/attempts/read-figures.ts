import type { DataSource } from 'typeorm';
import { type Outcome } from '../contracts/attempts.js';
import type { FiguresQuery, OverviewFigures } from '../contracts/overview.js';
import type { Clock } from '../platform/clock.js';
import { lastHour, lastHours, type Stretch } from './domain/overview-period.js';
import { resolveFilter } from './resolve-filter.js';
import { countNewest } from './store/overview-newest.js';
import { countOpenSessions } from './store/overview-names.js';
import { countHours, countMinutes, readWatched, type TimeCount } from './store/overview-tallies.js';
import type { ResolvedFilter } from './store/read-attempts.js';

const HOUR_MS = 3_600_000;
const WEEK_MS = 7 * 24 * HOUR_MS;

type Counts = Record<Outcome, number>;
/** Counts by time, as far back as they are known. */
type Counted = { counts: TimeCount[]; since: Date | null };

/** The four figures above everything, with what they were. */
export class ReadFigures {
  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  async read(asked: FiguresQuery): Promise<OverviewFigures> {
    const now = this.clock();
    const filter = await resolveFilter(this.database, asked);
    const hour = lastHour(now);
    const before = { from: hour.from - WEEK_MS, to: hour.to - WEEK_MS };
    const starts = lastHours(now);
    const day = { from: starts[0] ?? 0, to: now + HOUR_MS };
    const [minutes, earlier, hours, watched, watchedThen, openSessions] = await Promise.all([
      this.count(filter, 'minute', hour),
      this.count(filter, 'minute', before),
      this.count(filter, 'hour', day),
      readWatched(this.database, day),
      readWatched(this.database, { from: before.from - HOUR_MS, to: before.to }),
      countOpenSessions(this.database, asked),
    ]);
    const sessionsFiltered = isOfSessions(asked);
    const isPlain = Object.keys(asked).length === 0;
    const looked = new Map(watched.map(({ at, open }) => [at.getTime(), open]));
    const byHour = grouped(hours.counts);
    const then = watchedThen.at(-1);
    return {
      asOf: new Date(now).toISOString(),
      minutes: [...grouped(minutes.counts)].map(([at, counts]) => ({ startsAt: isoOf(at), counts })),
      hours: starts.map((at) => ({
        startsAt: isoOf(at),
        counts: isKnown(hours, at) && (looked.has(at) || byHour.has(at)) ? (byHour.get(at) ?? noCounts()) : null,
        openSessions: isPlain ? (looked.get(at) ?? null) : null,
      })),
      lastWeek: {
        counts: (then || earlier.counts.length > 0) && isKnown(earlier, before.from) ? sum(earlier.counts) : null,
        openSessions: isPlain ? (then?.open ?? null) : null,
      },
      openSessions,
      sessionsFiltered,
    };
  }

  /** From counts that are kept where they say it, and otherwise from the newest attempts. */
  private async count(filter: ResolvedFilter, unit: 'hour' | 'minute', stretch: Stretch): Promise<Counted> {
    if (!isCounted(filter)) return countNewest(this.database, filter, unit, stretch);
    const read = unit === 'minute' ? countMinutes : countHours;
    return { counts: await read(this.database, filter, stretch), since: null };
  }
}

/** Whether counts are kept for exactly this. */
export const isCounted = (filter: ResolvedFilter): boolean =>
  Object.entries(filter).every(
    ([field, value]) => value === undefined || field === 'application' || field === 'outcome',
  );

const isOfSessions = ({ person, ip, country, asn }: FiguresQuery): boolean =>
  person !== undefined || ip !== undefined || country !== undefined || asn !== undefined;

const isKnown = ({ since }: Counted, at: number): boolean => since === null || since.getTime() <= at;

const noCounts = (): Counts => ({ success: 0, failure: 0, challenge: 0, blocked: 0 });

function grouped(counts: readonly TimeCount[]): Map<number, Counts> {
  const found = new Map<number, Counts>();
  for (const { at, outcome, count } of [...counts].sort((a, b) => a.at.getTime() - b.at.getTime())) {
    const counts = found.get(at.getTime()) ?? noCounts();
    counts[outcome] += count;
    found.set(at.getTime(), counts);
  }
  return found;
}

function sum(counts: readonly TimeCount[]): Counts {
  const all = noCounts();
  for (const { outcome, count } of counts) all[outcome] += count;
  return all;
}

const isoOf = (ms: number): string => new Date(ms).toISOString();
