import type { NotificationRules } from '../../contracts/notifications.js';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/**
 * Until when another message waits, in milliseconds since 1970; null where there is room for it now.
 * @param ofKind when messages of its kind, and digests, left within the last hour, oldest first, milliseconds since 1970
 * @param all the same of every kind that has a budget
 */
export function fullUntil(
  nowMs: number,
  ofKind: readonly number[],
  all: readonly number[],
  { windowMinutes, perWindow, perHour }: Pick<NotificationRules, 'windowMinutes' | 'perWindow' | 'perHour'>,
): number | null {
  const windowMs = windowMinutes * MINUTE_MS;
  const recent = ofKind.filter((at) => at > nowMs - windowMs);
  const hour = all.filter((at) => at > nowMs - HOUR_MS);
  const ends = [roomAt(recent, perWindow, windowMs), roomAt(hour, perHour, HOUR_MS)].filter((end) => end !== null);
  return ends.length === 0 ? null : Math.max(...ends);
}

/** When so many have left the window that one more fits. */
function roomAt(within: readonly number[], most: number, windowMs: number): number | null {
  const leaving = within.at(-most);
  return within.length < most || leaving === undefined ? null : leaving + windowMs;
}
