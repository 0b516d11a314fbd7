import type { RecoveryView } from '../../api/types.js';
import { dayAndTime } from '../../ui/time.svelte.js';
import { list } from '../../ui/wording.js';

/** How a recovery stands. */
export function recoverySentence({ startedAt, readyAt, linkExpiresAt, addresses }: RecoveryView): string {
  const where = list(addresses);
  return linkExpiresAt === null
    ? `It was started ${dayAndTime(startedAt)}. A link that replaces the second steps is mailed ${dayAndTime(readyAt)} to ${where}.`
    : `It was started ${dayAndTime(startedAt)}. The link that replaces the second steps was mailed to ${where} and works until ${dayAndTime(linkExpiresAt)}.`;
}
