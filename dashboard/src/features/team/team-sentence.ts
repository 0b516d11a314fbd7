import type { GivenAnswer, TeamPerson, TeamSummary, TeamWarning } from '../../api/types.js';
import type { Part } from '../../ui/signal-sentence.js';
import { dayOnly } from '../../ui/time.svelte.js';
import { count, countryName, span, whole } from '../../ui/wording.js';

/** How it stands with the people of a manager, in two short sentences. */
export function teamSentence({ people, toAnswer }: TeamSummary): Part[] {
  if (people === 0) return [{ text: 'Nobody reports to you yet.' }];
  const all = people === 1 ? 'your one person' : `your ${count(people, 'person')}`;
  if (toAnswer === 0) return [{ text: `None of ${all} needs an answer.` }];
  const link: Part = { text: `${whole(toAnswer)} of ${all}`, href: '/team?show=to_answer' };
  const rest = people - toAnswer;
  return [
    link,
    { text: toAnswer === 1 ? ' needs an answer.' : ' need an answer.' },
    ...(rest > 0 ? [{ text: ` ${whole(rest)} ${rest === 1 ? 'is' : 'are'} as usual.` }] : []),
  ];
}

/** `Off, reminded 19 Nov`. */
export function twoStepWords({ twoStep, state, remindedAt }: TeamPerson): string {
  if (twoStep) return 'On';
  if (state !== 'active') return '';
  return remindedAt === null ? 'Off' : `Off, reminded ${dayOnly(remindedAt)}`;
}

const REMINDER_DAYS_MS = 7 * 86_400_000;

/** Whether a reminder would be sent. */
export const mayRemind = ({ twoStep, state, remindedAt }: TeamPerson, now: number): boolean =>
  state === 'active' && !twoStep && (remindedAt === null || now - Date.parse(remindedAt) > REMINDER_DAYS_MS);

/** `near Portugal` is no place: a country is one is in. */
export const countryWords = (country: string | null): string => (country === null ? 'Not known' : countryName(country));

const saidWords: Record<GivenAnswer['answer'], string> = {
  asking: 'You ask them',
  expected: 'Expected',
  not_expected: 'Not expected, secured',
};

/** `Expected, after 11 min`. */
export const answeredWords = ({ answer, at, raisedAt }: GivenAnswer): string =>
  `${saidWords[answer]}, after ${span((Date.parse(at) - Date.parse(raisedAt)) / 60_000)}`;

/** What happened, in a line that can be read to somebody on the phone. */
export function happenedWords({ kind, circumstances, application }: TeamWarning): string {
  const from = circumstances.place === null ? 'from a place that is not known' : `near ${circumstances.place}`;
  const what = kind === 'revoked-session-used' ? 'Somebody used an ended session of' : 'Somebody signed in to';
  const on = circumstances.client === null ? '' : `, with ${circumstances.client}`;
  return `${what} ${application} ${from}${on}.`;
}
