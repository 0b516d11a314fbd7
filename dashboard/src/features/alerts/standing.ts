import type { AlertView } from '../../api/types.js';
import { isOver } from '../../live/folded.js';
import { clock, dayAndTime } from '../../ui/time.svelte.js';
import { between, span } from '../../ui/wording.js';
import { verdictWords } from './alert-words.js';

/** From this delay on between an attempt and its alert, both times are told, in milliseconds. */
const LATE_MS = 10 * 60_000;

/** Where an alert stands, in the line above its headline, e.g. `waiting 6 min of 15`. */
export function standingWords(alert: AlertView): string {
  const { status, verdict, assignee, raisedAt, lastAt, heldUntil, targetMinutes } = alert;
  if (isOver(status)) {
    const word = status === 'closed' ? 'closed' : 'resolved';
    const by = assignee === null ? '' : ` by ${assignee.name}`;
    return verdict === null ? `${word}${by}` : `${word}${by}: ${verdictWords[verdict].toLowerCase()}`;
  }
  const waiting = between(raisedAt, clock.now);
  if (heldUntil !== null) return `put off until ${dayAndTime(heldUntil)}`;
  if (assignee) return `taken by ${assignee.name}, open for ${waiting}`;
  // Reported late, e.g. with a log of last week: it has not waited as long as it is old.
  if (Date.parse(raisedAt) - Date.parse(lastAt) > LATE_MS) return `${dayAndTime(lastAt)}, reported ${waiting} ago`;
  return `waiting ${waiting}${targetMinutes === null ? '' : ` of ${span(targetMinutes)}`}`;
}

/** Whether an alert that nobody has taken waits longer than it should. */
export const isLate = ({ status, raisedAt, targetMinutes }: AlertView): boolean =>
  status === 'new' && targetMinutes !== null && clock.now - Date.parse(raisedAt) > targetMinutes * 60_000;
