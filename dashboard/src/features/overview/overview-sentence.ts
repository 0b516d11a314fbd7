import type { AlertView, OverviewPeriod } from '../../api/types.js';
import type { Filters, TimeRange } from '../../live/filters.js';
import type { Part } from '../../ui/signal-sentence.js';
import { between, count, whole } from '../../ui/wording.js';
import { alertHeadline } from '../alerts/alert-sentence.js';
import { severityOf } from '../../live/folded.js';
import { attemptsLink } from './overview-address.js';
import { failedOf, totalOf, type Counts } from './last-hour.js';

/** An alert speaks for the whole page only this long after its last attempt, in milliseconds. */
const FRESH_MS = 30 * 60_000;

export type SentenceFacts = {
  counts: Counts;
  /** The same hour a week before; null where it is not known. */
  lastWeek: Counts | null;
  filters: Filters;
  range: TimeRange;
  /** Open alerts, worst and newest first, and how many there are as the rail says it. */
  alerts: readonly AlertView[];
  alertsLabel: string;
  now: number;
};

const text = (value: string): Part => ({ text: value });

/** What to know first: the worst fresh alert, or how the last hour went. */
export function overviewSentence(facts: SentenceFacts): Part[] {
  const worst = facts.filters.conditions.length === 0 ? worstFresh(facts) : undefined;
  return worst ? alertHeadline(worst) : lastHourSentence(facts);
}

/** The quieter line below: the rest of the hour, and what is open. */
export function restSentence(facts: SentenceFacts): Part[] {
  const { alerts, now } = facts;
  const worst = facts.filters.conditions.length === 0 ? worstFresh(facts) : undefined;
  const open = openAlerts(facts);
  if (!worst) return [...compared(facts), ...open];
  const total = totalOf(facts.counts);
  const hour = [text('In the last hour '), linked(facts, count(total, 'attempt')), text(', ')];
  const failed = [linked(facts, `${whole(failedOf(facts.counts))} failed`, ['failed', 'blocked']), text('. ')];
  const seen = alerts.length > 0 ? text(`Last seen ${between(worst.lastAt, now)}\u00a0ago. `) : text('');
  return [seen, ...hour, ...failed, ...open];
}

const worstFresh = ({ alerts, now }: SentenceFacts): AlertView | undefined =>
  alerts.find((alert) => {
    const severity = severityOf(alert);
    return (severity === 'critical' || severity === 'high') && now - Date.parse(alert.lastAt) < FRESH_MS;
  });

function lastHourSentence(facts: SentenceFacts): Part[] {
  const { counts, filters } = facts;
  if (totalOf(counts) === 0)
    return [
      text(
        filters.conditions.length === 0
          ? 'Nobody tried to sign in during the last hour.'
          : 'None of this in the last hour.',
      ),
    ];
  if (filters.conditions.some(({ field }) => field === 'outcome'))
    return [linked(facts, count(totalOf(counts), 'attempt')), text(' like these in the last hour.')];
  const parts = [
    linked(facts, `${whole(counts.success)} signed in`, 'signed-in'),
    text(' and '),
    linked(facts, `${whole(failedOf(counts))} failed`, ['failed', 'blocked']),
    text(' in the last hour'),
  ];
  if (counts.challenge > 0)
    parts.push(text('; '), linked(facts, `${whole(counts.challenge)} were asked for a second factor`, 'challenged'));
  return [...parts, text('.')];
}

function compared({ counts, lastWeek, now }: SentenceFacts): Part[] {
  if (!lastWeek) return [text('There is no same hour a week ago to compare with. ')];
  const [is, was] = [totalOf(counts), totalOf(lastWeek)];
  const day = weekday(now);
  if (is === was) return [text(`As many attempts as at this hour last ${day}. `)];
  if (was === 0) return [text(`There were none at this hour last ${day}. `)];
  const share = Math.round((Math.abs(is - was) / was) * 100);
  if (share === 0) return [text(`About as many attempts as at this hour last ${day}. `)];
  const more = is > was ? 'more' : 'fewer';
  return [text(`${whole(share)}\u00a0% ${more} attempts than at this hour last ${day}. `)];
}

function openAlerts({ alerts, alertsLabel }: SentenceFacts): Part[] {
  if (alerts.length === 0) return [text('No alert is open.')];
  const one = alerts.length === 1;
  return [
    { text: `${alertsLabel} ${one ? 'alert' : 'alerts'}`, href: '/alerts' },
    text(one ? ' is open.' : ' are open.'),
  ];
}

function linked({ filters, range }: SentenceFacts, words: string, outcome?: string | readonly string[]): Part {
  return { text: words, href: attemptsLink(filters, range, outcome === undefined ? {} : { outcome }) };
}

const dayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long' });
export const weekday = (at: number): string => dayFormat.format(at);

/** How long a period is, as part of a heading. */
export const periodWords: Record<OverviewPeriod, string> = {
  '24h': 'last 24 hours',
  '7d': 'last 7 days',
  '30d': 'last 30 days',
};

/** `+108`, `−12`, `as many`: a change in plain signs. */
export function change(is: number, was: number): string {
  if (is === was) return 'as many as';
  return `${is > was ? '+' : '−'}${whole(Math.abs(is - was))} vs`;
}
