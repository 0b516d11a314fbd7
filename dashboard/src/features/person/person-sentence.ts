import type { AlertView, PersonDetail } from '../../api/types.js';
import type { Part } from '../../ui/signal-sentence.js';
import { ago } from '../../ui/time.svelte.js';
import { count } from '../../ui/wording.js';
import { alertHeadline } from '../alerts/alert-sentence.js';

/** How it stands with a person: the worst open alert, or that nothing is unusual. */
export function personSentence(person: PersonDetail, alerts: readonly AlertView[], now: number): Part[] {
  const [worst] = alerts;
  // The person's own name is no link here: one is on that page already.
  if (worst) return alertHeadline(worst).map((part) => (part.href === `/u/${person.id}` ? withoutLink(part) : part));
  const name: Part = { text: person.name, data: true };
  if (person.state === 'disabled') return [name, { text: ' can not sign in: the account is disabled.' }];
  if (person.lastSuccessAt === null) return [name, { text: ' has not signed in yet.' }];
  return [name, { text: ` signed in ${ago(person.lastSuccessAt, now)}; nothing about it needs you.` }];
}

const withoutLink = ({ text, data }: Part): Part => ({ text, ...(data ? { data } : {}) });

/** The sums under the strip of days. */
export function thirtyDays(days: readonly { success: number; failure: number }[]): {
  success: number;
  failure: number;
  words: string;
} {
  const success = days.reduce((sum, day) => sum + day.success, 0);
  const failure = days.reduce((sum, day) => sum + day.failure, 0);
  return { success, failure, words: `${count(success, 'sign-in')}, ${failure} failed` };
}
