import { Generations } from './generations.js';
import { Ledger } from './ledger.js';
import type { Policy } from './policy.js';
import { Population } from './population.js';
import { ProfileStore } from './profile-store.js';
import type { Reputation } from './reputation.js';
import { Windows, type WindowLimits } from './windows.js';

/** Windows and campaigns of attempts of about the same time. */
export interface Lane {
  persons: Windows<string>;
  /** Names of nobody, apart so that a flood of them can't push people out. */
  names: Windows<string>;
  addresses: Windows<string>;
  prefixes: Windows<string>;
  networks: Windows<number>;
  /** By hash: a client string may have 2,048 characters. */
  clients: Windows<number>;
  applications: Windows<string>;
  /** By number of the network, by hash of the exact client, by number of the country, by country and kind of client. */
  networkReputations: Generations<number, Reputation>;
  clientReputations: Generations<number, Reputation>;
  countryReputations: Generations<number, Reputation>;
  visitReputations: Generations<number, Reputation>;
  ledger: Ledger;
}

/** Everything detection remembers between attempts. One writer at a time. */
export interface DetectionMemory {
  profiles: ProfileStore;
  population: Population;
  live: Lane;
  /** Old attempts that are sent in later: they must not push live ones out, nor be judged among them. */
  replay: Lane;
  /** Time of the newest attempt so far. */
  newestAt: number;
}

/**
 * Limits of one generation of the live lane; two are held. A key costs about 250 bytes, an event slot 8 bytes, an
 * event 250 bytes that all windows share. Worst case, when no two windows share an event: 2 × (92,000 keys × 250 B +
 * 310,000 events × 260 B) = 207 MB; the usual sharing makes it about 70 MB under a flood of invented keys and 10 MB in
 * a company of a thousand. The replay lane has a quarter of it.
 */
const LIMITS = {
  persons: { keys: 20_000, events: 80_000, perKey: 64, rated: false },
  names: { keys: 20_000, events: 40_000, perKey: 64, rated: false },
  addresses: { keys: 20_000, events: 60_000, perKey: 64, rated: false },
  prefixes: { keys: 20_000, events: 80_000, perKey: 160, rated: false },
  networks: { keys: 4_000, events: 20_000, perKey: 256, rated: true },
  clients: { keys: 8_000, events: 20_000, perKey: 256, rated: true },
  applications: { keys: 500, events: 10_000, perKey: 400, rated: true },
} as const satisfies Record<string, WindowLimits>;

/** Reputations of one generation of networks, of clients and of visits, and of the world's countries; about 300 bytes each. */
const REPUTATIONS = 8_000;
const COUNTRIES = 1_000;

/** Profiles of one generation; about 3 kB each. */
const PROFILES = 20_000;

function createLane(policy: Policy, share: number): Lane {
  const windows = <K>(limits: WindowLimits): Windows<K> =>
    new Windows<K>({ ...limits, keys: limits.keys * share, events: limits.events * share });
  return {
    persons: windows(LIMITS.persons),
    names: windows(LIMITS.names),
    addresses: windows(LIMITS.addresses),
    prefixes: windows(LIMITS.prefixes),
    networks: windows(LIMITS.networks),
    clients: windows(LIMITS.clients),
    applications: windows(LIMITS.applications),
    networkReputations: new Generations(REPUTATIONS * share),
    clientReputations: new Generations(REPUTATIONS * share),
    countryReputations: new Generations(COUNTRIES * share),
    visitReputations: new Generations(REPUTATIONS * share),
    ledger: new Ledger(policy),
  };
}

/** @param profileCapacity profiles of one generation; without bound for a run that has no database behind it */
export function createMemory(policy: Policy, profileCapacity = PROFILES): DetectionMemory {
  return {
    profiles: new ProfileStore(profileCapacity),
    population: new Population(),
    live: createLane(policy, 1),
    replay: createLane(policy, 1 / 4),
    newestAt: 0,
  };
}
