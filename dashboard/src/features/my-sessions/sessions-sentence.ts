import type { SessionView } from '../../api/types.js';
import { count } from '../../ui/wording.js';

const DAY_MS = 24 * 60 * 60_000;

/** The sentence above the list: on how many devices one is signed in, and whether security stepped in today. */
export function sessionsSentence(devices: number, open: number, past: readonly SessionView[], now: number): string {
  const first = whereSignedIn(devices, open);
  const bySecurity = past.filter(
    ({ endReason, endedAt }) =>
      endReason === 'revoked_by_staff' && endedAt !== null && now - Date.parse(endedAt) < DAY_MS,
  ).length;
  return bySecurity === 0 ? first : `${first} Security ended ${count(bySecurity, 'session')} in the last 24 hours.`;
}

function whereSignedIn(devices: number, open: number): string {
  if (devices > 1) return `You are signed in on ${count(devices, 'device')}.`;
  // Two that look alike may still be two machines, so this does not say "this device only".
  return open > 1
    ? `You are signed in with ${count(open, 'session')} of the same browser in the same place.`
    : 'You are signed in on this device only.';
}
