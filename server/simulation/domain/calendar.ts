/** Milliseconds in each unit. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Western and Central European time, and the US east coast. */
export type Zone = 'WET' | 'CET' | 'EST';
const winterHours: Record<Zone, number> = { WET: 0, CET: 1, EST: -5 };

/** A day counted from 1 January 1970, in whatever zone the caller speaks of. */
export type DayNumber = number;

/** 0 = Sunday … 6 = Saturday; 1 January 1970 was a Thursday. */
export const weekdayOf = (day: DayNumber): number => (((day + 4) % 7) + 7) % 7;
export const isWeekend = (day: DayNumber): boolean => weekdayOf(day) % 6 === 0;
/** Weeks counted from Monday, 29 December 1969. */
export const weekOf = (day: DayNumber): number => Math.floor((day + 3) / 7);
export const dayOfMonth = (day: DayNumber): number => new Date(day * DAY).getUTCDate();
export const monthOf = (day: DayNumber): number => new Date(day * DAY).getUTCMonth();

/** Each UTC day's answer, as it is asked for several times an attempt; dropped when it has grown to ten years. */
const summers = new Map<DayNumber, readonly [number, number]>();

/** European summer time runs from the last Sunday of March to that of October, 01:00 UTC (Directive 2000/84/EC). */
function summerOf(day: DayNumber): readonly [number, number] {
  let summer = summers.get(day);
  if (!summer) {
    if (summers.size > 3_660) summers.clear();
    const year = new Date(day * DAY).getUTCFullYear();
    summer = [lastSunday(year, 2) + HOUR, lastSunday(year, 9) + HOUR];
    summers.set(day, summer);
  }
  return summer;
}

function lastSunday(year: number, month: number): number {
  const last = Math.floor(Date.UTC(year, month + 1, 0) / DAY);
  return (last - weekdayOf(last)) * DAY;
}

/**
 * Local time minus UTC in milliseconds. New York follows the European dates as well: an hour's error in a few weeks
 * of the year moves a traveller's breakfast, nothing else.
 */
export function offsetAt(zone: Zone, at: number): number {
  const [begin, end] = summerOf(Math.floor(at / DAY));
  return (winterHours[zone] + (at >= begin && at < end ? 1 : 0)) * HOUR;
}

/** The local day an instant falls on. */
export const dayAt = (zone: Zone, at: number): DayNumber => Math.floor((at + offsetAt(zone, at)) / DAY);

/** Instant of a local wall-clock hour (fractions allowed, beyond 24 means the next morning) of a local day. */
export const localTime = (zone: Zone, day: DayNumber, hour: number): number =>
  Math.round(day * DAY + hour * HOUR - offsetAt(zone, day * DAY + 12 * HOUR));

/** Local hour with fraction, 0–24. */
export const hourAt = (zone: Zone, at: number): number => ((((at + offsetAt(zone, at)) % DAY) + DAY) % DAY) / HOUR;
