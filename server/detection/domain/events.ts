import { factorRefused, failed, subjectOf, type EnrichedAttempt } from './enriched-attempt.js';
import { atHome, type Familiarity } from './familiarity.js';
import { boundedName, hashText } from './text.js';
import type { Traits } from './traits.js';

/** What an event was, as bits of `AttemptEvent.flags`. */
export const FAILED = 1;
export const SUCCEEDED = 2;
/** A second factor was refused or ran out. */
export const REFUSED = 4;
/** The person was asked to approve on another device. */
export const PROMPTED = 8;
/** The source is not one this person signs in from. */
export const STRANGER = 16;
/** Nobody has that name. */
export const UNKNOWN_SUBJECT = 32;
/** A country in which this person, who has a history, never signed in. */
export const NEW_COUNTRY = 64;
/** A known person without history: in a young installation everybody is one. */
export const WITHOUT_HISTORY = 128;
/** A sign-in that isn't plainly the owner's: somebody may have got in. */
export const GOT_IN = 256;
/** A sign-in with a kind of device, or a device, that the person used before; or the first one ever. */
export const OWN_DEVICE = 512;
/** A failure after which the person signed in from the same network with such a device: it was the person. */
export const EXPLAINED = 1024;

/**
 * What windows and campaigns remember of one attempt: about 250 bytes, shared by all windows that hold it. The hashes
 * tell values apart; the names are for evidence.
 */
export interface AttemptEvent {
  at: number;
  flags: number;
  subjectHash: number;
  addressHash: number;
  prefixHash: number;
  clientHash: number;
  subject: string;
  ip: string;
  /** `NOTHING` where the network is not known. */
  asn: number;
  organisation: string | null;
  country: string | null;
  /** Key of the campaign that counted it first: what links campaigns that share attempts. */
  countedBy: string | null;
}

export function eventOf(attempt: EnrichedAttempt, traits: Traits, familiarity: Familiarity): AttemptEvent {
  return {
    at: attempt.occurredAt,
    flags: flagsOf(attempt, familiarity),
    subjectHash: hashText(attempt.subjectKey),
    addressHash: traits.address,
    prefixHash: traits.prefix,
    clientHash: traits.agent,
    subject: boundedName(subjectOf(attempt)),
    ip: attempt.ip,
    asn: traits.network,
    organisation: attempt.network.organisation,
    country: attempt.place?.country ?? null,
    countedBy: null,
  };
}

function flagsOf(attempt: EnrichedAttempt, familiarity: Familiarity): number {
  let flags = 0;
  if (failed(attempt)) flags |= FAILED;
  if (attempt.outcome === 'success') flags |= successFlags(familiarity);
  if (factorRefused(attempt)) flags |= REFUSED;
  if (attempt.outcome === 'challenge' && attempt.factor === 'push') flags |= PROMPTED;
  if (familiarity.stranger) flags |= STRANGER;
  if (familiarity.unknownSubject) flags |= UNKNOWN_SUBJECT;
  else if (familiarity.signIns === 0) flags |= WITHOUT_HISTORY;
  if (familiarity.signIns > 0 && attempt.place !== null && familiarity.country === 0) flags |= NEW_COUNTRY;
  return flags;
}

function successFlags(familiarity: Familiarity): number {
  const { signIns, client, device } = familiarity;
  const own = client > 0 || device > 0 || signIns === 0;
  return SUCCEEDED | (atHome(familiarity) ? 0 : GOT_IN) | (own ? OWN_DEVICE : 0);
}

/** Milliseconds into minutes, as evidence shows them. */
export function inMinutes(ms: number): number {
  return Math.max(0, Math.round(ms / 6000) / 10);
}
