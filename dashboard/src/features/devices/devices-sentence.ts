import type { DeviceView } from '../../api/types.js';
import { count } from '../../ui/wording.js';

/** How things stand, as the page's first sentence. */
export function devicesSentence(devices: readonly DeviceView[]): string {
  const trusted = devices.filter(({ trustedUntil }) => trustedUntil !== null).length;
  const known = `Your account was used on ${count(devices.length, 'device')}`;
  if (trusted === 0) return `${known}.`;
  return `${known}, ${trusted === devices.length && trusted > 1 ? 'all' : trusted} of them trusted.`;
}
