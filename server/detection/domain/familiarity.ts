import type { EnrichedAttempt } from './enriched-attempt.js';
import type { ProfilePolicy } from './policy.js';
import type { Profile } from './profile.js';
import { hashText } from './text.js';

/** How often a person signed in with what this attempt shows: 0 = never (or long forgotten). */
export interface Familiarity {
  /** Sign-ins learnt so far, 0 = no history. */
  signIns: number;
  country: number;
  network: number;
  prefix: number;
  client: number;
  device: number;
  /** Not a source this person signs in from; always so without history. */
  stranger: boolean;
  /** Nobody has that name, as far as we or the application know. */
  unknownSubject: boolean;
}

export function familiarityOf(
  attempt: EnrichedAttempt,
  profile: Profile | undefined,
  limits: ProfilePolicy,
): Familiarity {
  if (profile === undefined) {
    const unknownSubject = !attempt.subjectKnown || attempt.reason === 'unknown_subject';
    return { signIns: 0, country: 0, network: 0, prefix: 0, client: 0, device: 0, stranger: true, unknownSubject };
  }
  const at = attempt.occurredAt;
  const { halfLifeMs: half, knownFrom: from } = limits;
  const { place, network, deviceId } = attempt;
  const known = {
    signIns: profile.signIns,
    country: place === null ? 0 : profile.countries.seen(place.country, at, half, from),
    network: network.asn === null ? 0 : profile.networks.seen(network.asn, at, half, from),
    prefix: profile.prefixes.seen(attempt.prefixKey, at, half, from),
    client: profile.clients.seen(attempt.clientKey, at, half, from),
    device: deviceId === null ? 0 : profile.devices.seen(hashText(deviceId), at, half, from),
  };
  // Without a network database an address that changes daily would make a stranger of everybody.
  const elsewhere = network.asn === null ? known.country === 0 || known.client === 0 : known.network === 0;
  return { ...known, stranger: known.prefix === 0 && elsewhere, unknownSubject: false };
}

/** The owner's own place and means: such failures are a forgotten password first, an attack last. */
export function atHome(familiarity: Familiarity): boolean {
  return !familiarity.stranger && (familiarity.prefix > 0 || familiarity.client > 0 || familiarity.device > 0);
}
