import { EXPLAINED, FAILED, OWN_DEVICE, STRANGER, type AttemptEvent } from './events.js';
import { NOTHING } from './traits.js';
import { LONGEST_WINDOW_MS, type Trail } from './windows.js';

/**
 * Takes tries that their own person explains out of what is counted against a source: whoever mistypes on a network that is
 * new to them, and then signs in from there with a device of their own, was no victim. So an office that moves, or a company
 * that changes its carrier, is no attack on everybody in it; who attacks from there has no such sign-ins to show.
 *
 * @param trail what happened to the person, the event itself included
 */
export function explain(trail: Trail | undefined, event: AttemptEvent): void {
  if (!(event.flags & STRANGER) || trail === undefined || trail.events.length < 2) return;
  if (event.flags & OWN_DEVICE) for (const earlier of trail.events) explainBy(event, earlier);
  // One that was overtaken by the sign-in after it.
  else if (trail.newest > event.at) for (const later of trail.events) explainBy(later, event);
}

function explainBy(signIn: AttemptEvent, failure: AttemptEvent): void {
  if (!(signIn.flags & OWN_DEVICE) || !(failure.flags & FAILED)) return;
  const age = signIn.at - failure.at;
  if (age < 0 || age > LONGEST_WINDOW_MS || !isSameNetwork(signIn, failure)) return;
  failure.flags |= EXPLAINED;
}

const isSameNetwork = (a: AttemptEvent, b: AttemptEvent): boolean =>
  a.prefixHash === b.prefixHash || (a.asn !== NOTHING && a.asn === b.asn);
