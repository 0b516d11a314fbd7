import type { Allowance } from './allowed-sources.js';
import type { EnrichedAttempt } from './enriched-attempt.js';
import type { AttemptEvent } from './events.js';
import type { Familiarity } from './familiarity.js';
import type { Ladders } from './ladders.js';
import type { Profile } from './profile.js';
import type { Population } from './population.js';
import type { Reputation } from './reputation.js';
import type { Traits } from './traits.js';
import type { AddressTally, PersonTally, SourceTally } from './tallies.js';

/** Everything rules may see about one attempt, as it was before the attempt was learnt. */
export interface Facts {
  attempt: EnrichedAttempt;
  event: AttemptEvent;
  /** Why the source is on the allow-list; null where it isn't. */
  allowance: Allowance | null;
  /** Undefined: the person never signed in, as far as we know. */
  profile: Profile | undefined;
  familiarity: Familiarity;
  /** Undefined without a profile. */
  ladders: Ladders | undefined;
  /** Of the network, the exact client, the country, and this kind of client in it; undefined while nothing is known. */
  networkReputation: Reputation | undefined;
  clientReputation: Reputation | undefined;
  countryReputation: Reputation | undefined;
  visitReputation: Reputation | undefined;
  traits: Traits;
  person: PersonTally;
  address: AddressTally;
  /** The /24 or /48 around the source, by strangers only. */
  prefix: SourceTally;
  /** Strangers tried from this network in the slow window, while a spray over it is held; else null. */
  networkUnderSpray: SourceTally | null;
  population: Population;
}
