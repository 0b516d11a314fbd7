import type { Outcome, OverviewFigures } from '../../api/types.js';

export type Counts = Record<Outcome, number>;
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

export const noCounts = (): Counts => ({ success: 0, failure: 0, challenge: 0, blocked: 0 });
export const totalOf = ({ success, failure, challenge, blocked }: Counts): number =>
  success + failure + challenge + blocked;
/** Refused one way or the other: the server's word for it is `failed` too. */
export const failedOf = ({ failure, blocked }: Counts): number => failure + blocked;

/** An hour of a sparkline; null where it is not known. */
export type HourPoint = { startsAt: number; counts: Counts | null; openSessions: number | null };

/**
 * The last hour by minutes and the last day by hours, as the server counted them, kept up with what live frames count since. Old
 * minutes fall out by themselves as time goes by.
 */
export class LastHour {
  readonly #minutes = new Map<number, Counts>();
  readonly #hours: HourPoint[];
  readonly #asOf: number;

  constructor(figures: OverviewFigures) {
    this.#asOf = Date.parse(figures.asOf);
    for (const { startsAt, counts } of figures.minutes) this.#minutes.set(Date.parse(startsAt), { ...counts });
    this.#hours = figures.hours.map(({ startsAt, counts, openSessions }) => ({
      startsAt: Date.parse(startsAt),
      counts: counts && { ...counts },
      openSessions,
    }));
  }

  /** Adds what was scored at an instant; what the server had counted already is left out. */
  add(at: number, counts: Counts): void {
    if (at <= this.#asOf) return;
    const minute = at - (at % MINUTE_MS);
    this.#minutes.set(minute, sum(this.#minutes.get(minute) ?? noCounts(), counts));
    const hour = this.#hourOf(at);
    hour.counts = sum(hour.counts ?? noCounts(), counts);
  }

  /** Everything of the sixty minutes of which the present one is the last. */
  totals(now: number): Counts {
    const { from } = lastHourAt(now);
    let totals = noCounts();
    for (const [at, counts] of this.#minutes) if (at >= from) totals = sum(totals, counts);
    return totals;
  }

  /** Twenty-four hours and the present one, oldest first. */
  hours(now: number): HourPoint[] {
    this.#hourOf(now);
    return this.#hours.slice(-25);
  }

  #hourOf(at: number): HourPoint {
    const startsAt = at - (at % HOUR_MS);
    const found = this.#hours.find((hour) => hour.startsAt === startsAt);
    if (found) return found;
    const fresh: HourPoint = { startsAt, counts: noCounts(), openSessions: null };
    this.#hours.push(fresh);
    return fresh;
  }
}

/** The sixty minutes that the server counts at this instant, their end not included. */
export function lastHourAt(now: number): { from: number; to: number } {
  const to = now - (now % MINUTE_MS) + MINUTE_MS;
  return { from: to - HOUR_MS, to };
}

const sum = (a: Counts, b: Counts): Counts => ({
  success: a.success + b.success,
  failure: a.failure + b.failure,
  challenge: a.challenge + b.challenge,
  blocked: a.blocked + b.blocked,
});
