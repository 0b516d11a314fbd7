import type { AlertDetail, AttemptRow } from '../../api/types.js';
import { liveLink } from '../../live/filters.js';
import { placeNear } from '../../ui/naming.js';
import type { Part } from '../../ui/signal-sentence.js';
import { count } from '../../ui/wording.js';
import { evidenceLink } from './alert-sentence.js';
import { eventWords } from './alert-words.js';

type EventKind = AlertDetail['history'][number]['kind'];
/** One line of what happened: an event of the alert, or an attempt that matters. */
export type Moment = {
  at: string;
  kind: EventKind | 'first' | 'got_in' | 'last';
  parts: Part[];
  /** What a person wrote. */
  note?: string;
};

/** Sign-ins among the attempts that are worth a line of their own, at most. */
const SIGN_INS_MAX = 3;
const text = (value: string): Part => ({ text: value });

/** Everything that happened, in the order in which it did. */
export function alertTimeline(alert: AlertDetail): Moment[] {
  const events = alert.history.map((event): Moment => ({
    at: event.at,
    kind: event.kind,
    parts: [{ text: eventWords(event), data: true }],
    ...(event.note === null ? {} : { note: event.note }),
  }));
  // The first try comes before what it set off, also where both have the same instant.
  return [...opening(alert), ...signIns(alert.attempts), ...events, ...closing(alert)].sort(
    (a, b) => Date.parse(a.at) - Date.parse(b.at),
  );
}

function opening(alert: AlertDetail): Moment[] {
  const { attempts } = alert.evidence;
  if (attempts < 2) return [];
  const link = { text: count(attempts, 'attempt'), href: evidenceLink(alert) };
  return [{ at: alert.firstAt, kind: 'first', parts: [text('First of '), link] }];
}

function closing(alert: AlertDetail): Moment[] {
  if (alert.evidence.attempts < 2 || alert.lastAt === alert.firstAt) return [];
  return [{ at: alert.lastAt, kind: 'last', parts: [text('Last attempt so far')] }];
}

/** Those who got in where it was not usual for them. */
function signIns(attempts: readonly AttemptRow[]): Moment[] {
  return attempts
    .filter(({ outcome, level }) => outcome === 'success' && (level === 'high' || level === 'critical'))
    .slice(-SIGN_INS_MAX)
    .map((row) => ({ at: row.occurredAt, kind: 'got_in', parts: signedIn(row) }));
}

const signedIn = (row: AttemptRow): Part[] => [
  row.person ? { text: row.person.name, href: `/u/${row.person.id}`, data: true } : { text: row.subject, data: true },
  text(' signed in to '),
  { text: row.application.name, data: true },
  text(' from '),
  { text: row.ip, href: liveLink('ip', row.ip), data: true },
  text(`, ${placeNear(row.place)}`),
];
