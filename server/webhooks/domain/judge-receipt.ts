import type { Delivery } from '../../notifications/domain/retry.js';

/** Longest part of a receiver's answer that is kept. */
const ANSWER_MAX = 200;

/** How a try ended; `gone`: the receiver wants nothing ever more. */
export type Receipt = Delivery | { outcome: 'gone'; error: string };

/**
 * Judges what the receiver answered, by Standard Webhooks: 2xx is taken, 410 means that the target is gone, and whatever else is tried
 * again, as receivers are mended.
 */
export function judgeReceipt({ status, text }: { status: number; text: string }): Receipt {
  if (status >= 200 && status < 300) return { outcome: 'sent' };
  if (status >= 300 && status < 400)
    return { outcome: 'later', error: `${status}: the receiver points elsewhere, which is not followed.` };
  // The answer is somebody else's text: no line breaks, and nothing that steers a terminal.
  const words = text
    .replace(/[\p{C}\s]+/gu, ' ')
    .trim()
    .slice(0, ANSWER_MAX);
  const error = words === '' ? `The receiver answered ${status}.` : `${status} ${words}`;
  return { outcome: status === 410 ? 'gone' : 'later', error };
}
