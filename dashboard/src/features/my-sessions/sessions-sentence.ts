import type { SessionView } from '../../api/types.js';
import { count } from '../../ui/wording.js';

const DAY_MS = 24 * 60 * 60_000;

/** The sentence above the list: on how many devices one is signed in, and whether security stepped in today. */
export function sessionsSentence(devices: number, past: readonly SessionView[], now: number): string {
  const first =
    devices === 1 ? 'You are signed in on this device only.' : `You are signed in on ${count(devices, 'device')}.`;
  const bySecurity = past.filter(
    ({ endReason, endedAt }) =>
      endReason === 'revoked_by_staff' && endedAt !== null && now - Date.parse(endedAt) < DAY_MS,
  ).length;
  return bySecurity === 0 ? first : `${first} Security ended ${count(bySecurity, 'session')} in the last 24 hours.`;
}
