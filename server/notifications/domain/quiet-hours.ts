import type { QuietHours } from '../../contracts/notifications.js';

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1_440;

/**
 * When the quiet hours that hold now are over, in milliseconds since 1970; null where none hold. On the nights when clocks change it
 * can be off by that hour; whoever waits for it asks again then.
 */
export function quietUntil(nowMs: number, { timeZone, quiet }: QuietHours): number | null {
  if (!quiet) return null;
  const begins = minutesOf(quiet.begins);
  const ends = minutesOf(quiet.ends);
  const now = localMinutes(nowMs, timeZone);
  const since = (now - begins + DAY_MINUTES) % DAY_MINUTES;
  const long = (ends - begins + DAY_MINUTES) % DAY_MINUTES;
  if (since >= long) return null;
  return Math.floor(nowMs / MINUTE_MS) * MINUTE_MS + (long - since) * MINUTE_MS;
}

/** Minutes after midnight of `22:30`. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The same, back. */
export const timeOf = (minutes: number): string =>
  [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0')).join(':');

function localMinutes(nowMs: number, timeZone: string): number {
  const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });
  return minutesOf(clock.format(new Date(nowMs)));
}
