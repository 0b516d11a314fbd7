import type { AlertChange, AlertView, Hold } from '../../api/types.js';
import { dayAndTime } from '../../ui/time.svelte.js';
import { verdictWords } from './alert-words.js';

/** The ways to put an alert off, in the order of their keys. */
export const holds: readonly { until: Hold; words: string }[] = [
  { until: 'hour', words: 'For an hour' },
  { until: 'tomorrow', words: 'Until tomorrow, 9:00' },
  { until: 'next_week', words: 'Until Monday, 9:00' },
];

/** What a message says of a change; null where the page itself shows it. */
export function changeWords({ number, heldUntil, assignee }: AlertView, change: AlertChange): string | null {
  switch (change.action) {
    case 'take':
      return `${number} is yours.`;
    case 'assign':
      return assignee === null ? `${number} is nobody’s again.` : `${number} is ${assignee.name}’s.`;
    case 'hold':
      return `${number} is put off until ${heldUntil === null ? 'later' : dayAndTime(heldUntil)}. It comes back early with new evidence.`;
    case 'return':
      return `${number} is back.`;
    case 'resolve':
      return `${number} is resolved: ${verdictWords[change.verdict].toLowerCase()}.${change.mute === true ? ' No more of this for 30 days.' : ''}`;
    case 'close':
      return `${number} is closed for good.`;
    case 'reopen':
      return `${number} is open again.`;
    case 'note':
      return null;
  }
}

/** What undoes a change; undefined where nothing does. @param before the alert as it was */
export function wayBack(before: AlertView, { action }: AlertChange): AlertChange | undefined {
  switch (action) {
    case 'take':
      return { action: 'assign', to: before.assignee?.id ?? null };
    case 'hold':
      return { action: 'return' };
    case 'resolve':
      return { action: 'reopen' };
    case 'assign':
    case 'return':
    case 'close':
    case 'reopen':
    case 'note':
      return undefined;
  }
}
