import type { AddressView } from '../../api/types.js';
import { count } from '../../ui/wording.js';

/** The state in one sentence; with one address alone it says what that means. */
export function addressesSentence(addresses: readonly AddressView[]): string {
  const used = addresses.filter(({ confirmed, notices }) => confirmed && notices).length;
  if (used > 1) return `Messages about your account go to ${count(used, 'address')}.`;
  const waits = addresses.some(({ confirmed }) => !confirmed);
  return waits ? 'One address waits for you to confirm it.' : 'Messages about your account go to one address only.';
}
