import { api } from '../../api/api.js';
import { Submission } from '../../api/submission.svelte.js';
import type { ThrottledSource } from '../../api/types.js';
import { showTime } from '../../ui/time.svelte.js';
import { toasts } from '../../ui/toasts.svelte.js';

/**
 * Has an address refused for an hour, from anywhere it is shown, with a way back.
 * @param changed called after it was undone
 * @returns whether it was done
 */
export async function throttleAddress(
  ip: string,
  changed: () => Promise<void> | void = () => undefined,
): Promise<boolean> {
  const sending = new Submission();
  let throttled: ThrottledSource | undefined;
  await sending.run(async () => (throttled = await api.throttleSource(ip)));
  if (sending.error) toasts.show({ text: `Nothing was refused. ${sending.error.message}`, detail: sending.error.next });
  if (!throttled) return false;
  const { source, until, added } = throttled;
  const undo = async (): Promise<void> => {
    await api.releaseSource(ip);
    toasts.show({ text: `${source} may sign in again.` });
    await changed();
  };
  toasts.show({
    text: `${source} is refused until ${showTime(until, 'minute')}.`,
    ...(added ? { undo } : { detail: 'It was refused before.' }),
  });
  return true;
}
