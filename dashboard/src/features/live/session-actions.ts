import { api } from '../../api/api.js';
import { toApiError } from '../../api/api-error.js';
import type { RevocationReceipt } from '../../api/types.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { count } from '../../ui/wording.js';

/** Ends one session at once and says so. @returns the ids that are over; empty where nothing was ended. */
export function endOne(sessionId: string, name: string): Promise<string[]> {
  return ending(() => api.endSession(sessionId), `${name}’s session was ended.`);
}

/** Ends every session of a person. */
export function endAll(personId: string, name: string): Promise<string[]> {
  return ending(() => api.endSessionsOf(personId), `${name}’s sessions were ended.`);
}

async function ending(act: () => Promise<RevocationReceipt>, done: string): Promise<string[]> {
  try {
    const receipt = await act();
    const many = receipt.sessions.length > 1 ? ` ${count(receipt.sessions.length, 'session')}.` : '';
    toasts.show({
      text: done,
      detail: `${many} They can sign in again.`.trim(),
      link: { href: `/receipts/${receipt.id}`, label: 'Receipt' },
    });
    return receipt.sessions.map(({ id }) => id);
  } catch (thrown) {
    const error = toApiError(thrown);
    toasts.show({ text: `Nothing was ended. ${error.message}`, detail: error.next });
    return [];
  }
}
