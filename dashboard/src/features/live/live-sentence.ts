import type { AlertView } from '../../api/types.js';
import type { OutcomeCounts } from '../../live/rate-window.js';
import { outcomeWord } from '../../live/filters.js';
import type { Part } from '../../ui/signal-sentence.js';
import { between, count, whole } from '../../ui/wording.js';
import { alertHeadline } from '../alerts/alert-sentence.js';

/** An alert speaks for the whole page only this long after its last attempt, in milliseconds. */
const FRESH_MS = 30 * 60_000;

export type SentenceFacts = {
  /** Exact counts of the last ten minutes. */
  counts: OutcomeCounts;
  /** Open alerts, worst and newest first. */
  alerts: readonly AlertView[];
  now: number;
};

const text = (value: string): Part => ({ text: value });
const outcomeLink = (outcome: 'success' | 'failure' | 'challenge' | 'blocked', words: string): Part => ({
  text: words,
  href: `/live?outcome=${outcomeWord(outcome)}`,
});

/** The one thing to know now: the worst fresh alert, or else how the last ten minutes went. */
export function liveSentence({ counts, alerts, now }: SentenceFacts): Part[] {
  const worst = alerts.find(
    (alert) =>
      (alert.severity === 'critical' || alert.severity === 'high') && now - Date.parse(alert.lastAt) < FRESH_MS,
  );
  if (!worst) return [...tenMinutes(counts), ...waiting(alerts)];
  const others = alerts.length - 1;
  const since = text(` Last seen ${between(worst.lastAt, now)}\u00a0ago.`);
  const more: Part[] =
    others === 0 ? [] : [text(' '), { text: count(others, 'more alert'), href: '/alerts' }, text(' open.')];
  return [...alertHeadline(worst), since, ...more];
}

function tenMinutes(counts: OutcomeCounts): Part[] {
  if (counts.total === 0) return [text('Nobody tried to sign in during the last 10 min.')];
  const parts: Part[] = [
    outcomeLink('success', `${whole(counts.success)} signed in`),
    text(' and '),
    outcomeLink('failure', `${whole(counts.failure)} failed`),
    text(' in 10 min'),
  ];
  if (counts.blocked > 0) parts.push(text('; '), outcomeLink('blocked', `${whole(counts.blocked)} blocked`));
  return [...parts, text('.')];
}

function waiting(alerts: readonly AlertView[]): Part[] {
  if (alerts.length === 0) return [text(' Nothing needs you.')];
  return [
    text(' '),
    { text: count(alerts.length, 'alert'), href: '/alerts' },
    text(alerts.length === 1 ? ' is open.' : ' are open.'),
  ];
}

/** Said until the server has answered for the first time. */
export const unknownSentence = (failed: boolean): Part[] => [
  text(failed ? 'The last 10 min could not be read.' : 'Reading the last 10 min …'),
];

/** Said in place of everything else while the page does not know what happens. */
export const lostSentence = (at: string): Part[] => [
  text(
    `This page lost its connection at ${at}. You see what was here until then; what you miss is filled in when it is back.`,
  ),
];
