import type { SessionView } from '../../api/types.js';
import { clientName, whereFrom } from '../../ui/naming.js';
import { dayAndTime } from '../../ui/time.svelte.js';
import { count } from '../../ui/wording.js';

/**
 * The first sentence of the own account. It only says what is known: who is signed in and what security ended.
 * It never says "protected": that would claim to know what nobody measured.
 */
export function homeSentence(open: readonly SessionView[], ended: readonly SessionView[]): string {
  const stopped = ended.find(({ endReason }) => endReason === 'revoked_by_staff' || endReason === 'revoked_by_manager');
  if (stopped?.endedAt) {
    const who = stopped.endReason === 'revoked_by_staff' ? 'Security' : 'Your manager';
    const what = `${clientName(stopped.client)} ${whereFrom(stopped.place, stopped.network)}`;
    return `${who} ended a session of yours ${dayAndTime(stopped.endedAt)}: ${what}.`;
  }
  const others = open.filter(({ current }) => !current);
  const places = new Set(open.map(({ place }) => place?.country ?? ''));
  if (others.length === 0) return 'Only this device is signed in to your account.';
  if (places.size > 1)
    return `You are signed in with ${count(open.length, 'session')} in ${count(places.size, 'country')}.`;
  return `You are signed in with ${count(open.length, 'session')}. If one is not yours, end it.`;
}
