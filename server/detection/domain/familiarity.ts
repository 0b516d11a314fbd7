import type { EnrichedAttempt } from './enriched-attempt.js';
import type { ProfilePolicy } from './policy.js';
import type { Profile } from './profile.js';
import { NOTHING, type Traits } from './traits.js';

/** How often a person signed in with what this attempt shows: 0 = never (or long forgotten). */
export interface Familiarity {
  /** Sign-ins learnt so far, 0 = no history. */
  signIns: number;
  country: number;
  network: number;
  prefix: number;
  address: number;
  client: number;
  agent: number;
  device: number;
  /** A client that a device of the person can have become by updates. */
  update: boolean;
  /** Not a source this person signs in from; always so without history. */
  stranger: boolean;
  /** Nobody has that name, as far as we or the application know. */
  unknownSubject: boolean;
}

const NEVER: Omit<Familiarity, 'unknownSubject'> = {
  signIns: 0,
  country: 0,
  network: 0,
  prefix: 0,
  address: 0,
  client: 0,
  agent: 0,
  device: 0,
  update: false,
  stranger: true,
};

export function familiarityOf(
  attempt: EnrichedAttempt,
  traits: Traits,
  profile: Profile | undefined,
  limits: ProfilePolicy,
): Familiarity {
  if (profile === undefined) {
    const unknownSubject = !attempt.subjectKnown || attempt.reason === 'unknown_subject';
    return { ...NEVER, unknownSubject };
  }
  const at = attempt.occurredAt;
  const { halfLifeMs: half, knownFrom: from } = limits;
  const known = {
    signIns: profile.signIns,
    country: traits.country === NOTHING ? 0 : profile.countries.seen(traits.country, at, half, from),
    network: traits.network === NOTHING ? 0 : profile.networks.seen(traits.network, at, half, from),
    prefix: profile.prefixes.seen(traits.prefix, at, half, from),
    address: profile.addresses.seen(traits.address, at, half, from),
    client: profile.clients.seen(traits.client, at, half, from),
    agent: profile.agents.seen(traits.agent, at, half, from),
    device: traits.device === NOTHING ? 0 : profile.devices.seen(traits.device, at, half, from),
  };
  const update = known.agent > 0 || isUpdate(attempt, known.client, profile);
  // Without a network database an address that changes daily would make a stranger of everybody.
  const elsewhere = traits.network === NOTHING ? known.country === 0 || known.client === 0 : known.network === 0;
  return { ...known, update, stranger: known.prefix === 0 && elsewhere, unknownSubject: false };
}

/** Where no user agent tells devices apart, the kind of device has to. */
function isUpdate({ userAgent }: EnrichedAttempt, client: number, { lineages }: Profile): boolean {
  return userAgent === null || lineages.isEmpty ? client > 0 : lineages.continuedBy(userAgent);
}

/** The owner's own place and means: such failures are a forgotten password first, an attack last. */
export function atHome(familiarity: Familiarity): boolean {
  return !familiarity.stranger && (familiarity.prefix > 0 || familiarity.client > 0 || familiarity.device > 0);
}
