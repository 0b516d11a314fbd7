import type { AlertKind } from '../../contracts/alerts.js';
import type { NetworkKind } from '../../contracts/detection.js';
import { CHALLENGE_HOURS, type RespondedSeverity, type ScoredSignal } from '../../contracts/detection-policy.js';
import { THROTTLE_MINUTES } from '../../contracts/incidents.js';
import { AllowedSources } from './allowed-sources.js';
import type { Step } from './habits.js';

/** Durations in milliseconds. */
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** How often honest people bring something new, by the time since their last sign-in: ≤ 1 h, 1 d, 7 d, 30 d, longer. */
export type NewnessByGap = readonly [number, number, number, number, number];

/** Every weight, threshold and window of detection. Points are points of the score; times are milliseconds. */
export interface Policy {
  version: number;
  levels: { medium: number; high: number; critical: number };
  decisions: DecisionPolicy;
  score: ScorePolicy;
  /** Factors on the points of a signal, where they are not as usual; null where all are. */
  weights: Readonly<Partial<Record<ScoredSignal, number>>> | null;
  newness: NewnessPolicy;
  reputation: ReputationPolicy;
  travel: TravelPolicy;
  profile: ProfilePolicy;
  rules: RulePolicy;
  /** Every quiet time is at least as long as the windows of its kind. */
  campaigns: CampaignPolicy;
  /** Kinds of alert that nobody wants: no campaign of theirs is opened. */
  notWatched: ReadonlySet<AlertKind>;
  /** Sources that are known and harmless. */
  allowed: AllowedSources;
  /** What happens by itself when an alert has a severity; nothing in here judges by it. */
  responses: Readonly<Record<RespondedSeverity, Response>>;
  /** An attempt this far behind the newest one is history being replayed: it is judged among its own kind. */
  replayAfterMs: number;
  /** Attempts may overtake each other by this much and still raise the same alerts. */
  latenessMs: number;
}

/** What is done about an alert without anybody asking for it. */
export interface Response {
  endSessions: boolean;
  throttleSource: boolean;
  throttleMinutes: number;
  challengeNext: boolean;
  challengeHours: number;
}

/** From which score on a sign-in is asked for more, and from which it is refused where its source attacks others too. */
export interface DecisionPolicy {
  challengeFrom: number;
  denyFrom: number;
}

export interface ScorePolicy {
  /** Points for one unit of natural logarithm of the ratio of likelihoods, attacker to owner. All `…Nats` are multiplied
   * by it. */
  perNat: number;
  /** The most that a known place, or a known device, takes off, in points: nothing known is a free pass. */
  leastLocation: number;
  leastDevice: number;
  knownDeviceId: number;
  impossibleTravel: number;
  /** A network that people come to once and leave; a country that they come to once with this kind of client. */
  transienceNats: number;
  visitorsNats: number;
  /** Network and kind of device are new at once. */
  bothNewNats: number;
  outdated: OutdatedPolicy;
  /** By the logarithm of 1 + the failures beyond those that a forgotten password explains. */
  failuresNats: number;
  failuresThenSuccess: number;
  /** By the logarithm of 1 + the failures from elsewhere. */
  unfamiliarFailuresNats: number;
  personUnderAttack: number;
  /** By the logarithm of 1 + the number of others. */
  sourceAttacksManyNats: number;
  sourceFailsRepeatedly: number;
  /** By the logarithm of how much strangers outweigh regulars: of the network, the exact client, the country; and the most. */
  hostileNetworkNats: number;
  hostileClientNats: number;
  hostileCountryNats: number;
  hostileMost: number;
  /** By the logarithm of 1 + the number of newcomers. */
  newcomersNats: number;
  /** By the logarithm of 1 + the number of refused challenges, and the most. */
  refusalsNats: number;
  refusalsMost: number;
  unfamiliarHourNats: number;
  credentialChange: CredentialChangePolicy;
  dormant: DormantPolicy;
  /** By kind of network; kinds that are not named add nothing. */
  networkKind: Partial<Record<NetworkKind, number>>;
  automationClient: number;
  /** A failed try did no harm yet, a challenge is not in yet: their points count this much. */
  failedFactor: number;
  challengedFactor: number;
}

/** Versions that were left behind; a natural logarithm of the days since the last use, over the days that say nothing. */
export interface OutdatedPolicy {
  /** Nobody used this exact client for longer, which is new to the person. */
  freeDays: number;
  nats: number;
  /** The person's own exact client, unchanged for longer. */
  ownFreeDays: number;
  ownNats: number;
  /** The most that the logarithm counts. */
  most: number;
}

/** A password, factor or address that is changed after a sign-in with something new: in full so soon after it, then half. */
export interface CredentialChangePolicy {
  points: number;
  soonMs: number;
  withinMs: number;
}

/** An account that was in use, and then wasn't for long. */
export interface DormantPolicy {
  /** Days with a sign-in before there is a usual time between them; at least 2. */
  historyDays: number;
  /** So many times the usual time is long for this person. */
  timesUsual: number;
  /** By whole days without a sign-in, rising. */
  grades: readonly { fromDays: number; points: number }[];
}

export interface NewnessPolicy {
  /** Expected rates of new values at each step, by time gap, before the installation has taught its own. */
  usual: Readonly<Record<Step, NewnessByGap>>;
  /** Multiplies them by days with a sign-in so far: 1, 2–3, 4–11, 12 or more. */
  byHistory: readonly [number, number, number, number];
  /** How often the step is new when somebody else signs in. */
  attacker: Readonly<Record<Step, number>>;
  /** How many sign-ins of everybody the expected rates count as. */
  pseudoCount: number;
  /** How many sign-ins of the person the rate of everybody counts as: frequent travellers are judged as travellers. */
  ownPseudoCount: number;
  /** How much each step counts beside the others: what is learnt from few people counts less. */
  weight: Readonly<Record<Step, number>>;
  rarity: RarityPolicy;
}

/** What the rarity among all people counts: of a new network, of one in a known country beside it, of a new country, a known client. */
export interface RarityPolicy {
  network: number;
  /** In a country that is new as well, every network is rare. */
  networkAbroad: number;
  networkWithin: number;
  country: number;
  client: number;
}

/** What strangers did from one network or client; see `Reputation`. Times are mean lives. */
export interface ReputationPolicy {
  strangersMs: number;
  newcomersMs: number;
  usualMs: number;
  /** Failures by strangers that one regular sign-in explains. */
  failuresPerRegular: number;
  /** Visitors that one regular sign-in explains, and the bound of their weight, in natural logarithms. */
  visitorsPerRegular: number;
  transienceMost: number;
  /** From this many distinct strangers on it is told. */
  strangers: number;
  /** From this many other newcomers on it is told. */
  newcomers: number;
}

export interface TravelPolicy {
  /** Faster than an airliner, door to door. */
  kmPerHour: number;
  /** Nearer than this, place databases err too often. */
  leastKm: number;
  /** An address of these networks says little about where a person is. */
  exempt: readonly NetworkKind[];
  /** What is left of the points for a client family, or a device id, that the person already used. */
  knownClientFactor: number;
  knownDeviceFactor: number;
}

export interface ProfilePolicy {
  /** A sign-in with this score or more teaches nothing yet. */
  learnBelow: number;
  /** The same network and client again, so long after such a sign-in and still not objected to, are the person's own. */
  provenAfterMs: number;
  halfLifeMs: number;
  /** A value whose decayed count fell below this is no longer known: one sign-in lasts about a year. */
  knownFrom: number;
  countries: number;
  networks: number;
  prefixes: number;
  addresses: number;
  clients: number;
  agents: number;
  devices: number;
}

export interface RulePolicy {
  sourceFails: { failures: number; windowMs: number };
  sourceAttacks: { others: number; windowMs: number };
  personAttacked: { failures: number; addresses: number; windowMs: number };
  failuresBefore: { failures: number; windowMs: number; familiarFactor: number };
  unfamiliarFailures: { failures: number };
  /** Up to so many failures of a person from one address may be a forgotten password. */
  forgottenFailures: number;
  /** Sign-ins after which the hours of a person are known. */
  hoursFrom: number;
  fatigue: { refusals: number };
}

export interface CampaignPolicy {
  bruteForceSource: {
    failures: number;
    windowMs: number;
    manyFailures: number;
    /** How far back failures are looked at for whether they are honest. */
    honestWindowMs: number;
    quietMs: number;
  };
  honest: HonestFailures;
  bruteForcePerson: {
    distributed: { failures: number; prefixes: number; windowMs: number };
    slow: { failures: number; windowMs: number };
    manyFailures: number;
    quietMs: number;
  };
  unfamiliarPlace: {
    failures: number;
    failuresNewCountry: number;
    windowMs: number;
    manyFailures: number;
    quietMs: number;
  };
  fatigue: { refusals: number; windowMs: number; slowRefusals: number; slowWindowMs: number; quietMs: number };
  spray: SprayPolicy;
  stuffing: StuffingPolicy;
  /** `joinedMs`: failures for the person so soon after it are the same story. */
  suspiciousSignIn: { quietMs: number; joinedMs: number };
}

/** What failures of honest people look like: forgotten passwords, mail clients with an old one, an office on a Monday. */
export interface HonestFailures {
  /** Nobody types a password faster than this, on average. */
  typingMs: number;
  /** Most failures of one person whose password is forgotten; and where place and device are the person's own. */
  forgotten: number;
  atHome: number;
  /** Mistyped names among them. */
  typos: number;
  /** A client that tries an old password by itself waits at least so long, on average. */
  retryMs: number;
  /** People who come back to a network before it counts as one that people sit in. */
  residents: number;
  /** Where several people fail together they have devices of their own: distinct clients per person. */
  clientsPerPerson: number;
}

export interface SprayPolicy {
  windowMs: number;
  /** Strangers from one neighbourhood with few clients; with many clients; where that many people also got in. */
  strangers: number;
  strangersManyClients: number;
  strangersSharedSource: number;
  /** At most this many clients per stranger are few. */
  fewClients: number;
  /** People who signed in from there before it counts as shared (an office, a carrier). */
  sharedFrom: number;
  /** From this many strangers on the alert is high. */
  many: number;
  quietMs: number;
  slow: {
    windowMs: number;
    strangers: number;
    /** Distinct persons per try, and distinct addresses per person. */
    personsPerTry: number;
    addressesPerPerson: number;
    /** Natural logarithm of the probability that chance alone brings so many. */
    logTail: number;
    quietMs: number;
  };
}

export interface StuffingPolicy {
  windowMs: number;
  persons: number;
  /** Share of names that nobody has. */
  unknownShare: number;
  /** Above this share of unknown names it is guessing, which is a spray. */
  guessedShare: number;
  everywhere: { windowMs: number; strangers: number; logTail: number; prefixes: number };
  /** People that must be known before surges over a network or an application mean anything. */
  leastPeople: number;
  quietMs: number;
}

/**
 * The policy a new installation starts with. Where no other source is named, the figures come from the project's own
 * evaluation stream, which follows the published statistics of Wiefling et al. (2022).
 */
const noResponse: Response = {
  endSessions: false,
  throttleSource: false,
  throttleMinutes: THROTTLE_MINUTES.usual,
  challengeNext: false,
  challengeHours: CHALLENGE_HOURS.usual,
};

export const defaultPolicy: Policy = {
  version: 1,
  levels: { medium: 30, high: 60, critical: 85 },
  decisions: { challengeFrom: 60, denyFrom: 85 },
  score: {
    perNat: 6,
    leastLocation: -20,
    leastDevice: -16,
    knownDeviceId: -20,
    impossibleTravel: 20,
    transienceNats: 0.8,
    visitorsNats: 0.6,
    bothNewNats: 0.4,
    outdated: { freeDays: 4, nats: 0.6, ownFreeDays: 14, ownNats: 0.5, most: 3 },
    failuresNats: 1,
    failuresThenSuccess: 2,
    unfamiliarFailuresNats: 0.6,
    personUnderAttack: 6,
    sourceAttacksManyNats: 0.7,
    sourceFailsRepeatedly: 4,
    hostileNetworkNats: 0.5,
    hostileClientNats: 0.6,
    hostileCountryNats: 0.8,
    hostileMost: 50,
    newcomersNats: 0.5,
    refusalsNats: 3,
    refusalsMost: 40,
    unfamiliarHourNats: 0.5,
    // Alone it is no alert, as a new telephone is set up just so; with a network that is new as well it is.
    credentialChange: { points: 30, soonMs: HOUR, withinMs: DAY },
    // tirreno asks from 30, 90 and 365 days on. With less history, or sooner, it cost more than it found.
    dormant: {
      historyDays: 12,
      timesUsual: 8,
      grades: [
        { fromDays: 30, points: 1 },
        { fromDays: 90, points: 2 },
        { fromDays: 365, points: 4 },
      ],
    },
    networkKind: { hosting: 10, vpn: 8, tor: 25 },
    automationClient: 20,
    failedFactor: 0.5,
    challengedFactor: 0.8,
  },
  weights: null,
  newness: {
    usual: {
      address: [0.08, 0.25, 0.4, 0.6, 0.74],
      prefix: [0.8, 0.8, 0.8, 0.8, 0.8],
      network: [0.4, 0.4, 0.45, 0.5, 0.55],
      country: [0.05, 0.08, 0.1, 0.1, 0.1],
      agent: [0.1, 0.2, 0.35, 0.5, 0.65],
      client: [0.9, 0.9, 0.9, 0.9, 0.9],
      lineage: [0.5, 0.35, 0.3, 0.3, 0.3],
    },
    byHistory: [1.3, 1.15, 1, 0.8],
    attacker: { address: 0.95, prefix: 0.95, network: 0.95, country: 0.7, agent: 0.9, client: 0.9, lineage: 0.9 },
    pseudoCount: 60,
    ownPseudoCount: 25,
    weight: { address: 1.2, prefix: 1, network: 0.7, country: 0.75, agent: 1.4, client: 0.5, lineage: 1.3 },
    rarity: { network: 0.2, networkAbroad: 0.3, networkWithin: 0.15, country: 0.3, client: 0.2 },
  },
  reputation: {
    strangersMs: 7 * DAY,
    newcomersMs: 6 * HOUR,
    usualMs: 30 * DAY,
    failuresPerRegular: 0.3,
    visitorsPerRegular: 8,
    transienceMost: 3,
    strangers: 2,
    newcomers: 0.5,
  },
  // Elastic fires from 500 km and 800 km/h, Logto from 900 km/h, authentik from 1,000.
  travel: {
    kmPerHour: 900,
    leastKm: 500,
    exempt: ['mobile', 'vpn', 'tor', 'hosting', 'private', 'reserved'],
    knownClientFactor: 0.6,
    knownDeviceFactor: 0.25,
  },
  profile: {
    learnBelow: 60,
    provenAfterMs: 12 * HOUR,
    halfLifeMs: 90 * DAY,
    knownFrom: 0.06,
    countries: 8,
    networks: 16,
    prefixes: 24,
    addresses: 24,
    clients: 12,
    agents: 12,
    devices: 12,
  },
  rules: {
    sourceFails: { failures: 5, windowMs: 10 * MINUTE },
    sourceAttacks: { others: 4, windowMs: HOUR },
    personAttacked: { failures: 5, addresses: 3, windowMs: HOUR },
    failuresBefore: { failures: 3, windowMs: HOUR, familiarFactor: 0.35 },
    unfamiliarFailures: { failures: 3 },
    forgottenFailures: 14,
    hoursFrom: 2,
    fatigue: { refusals: 2 },
  },
  campaigns: {
    // fail2ban's own default: 5 failures of one address within 10 minutes.
    bruteForceSource: {
      failures: 5,
      windowMs: 10 * MINUTE,
      manyFailures: 50,
      honestWindowMs: 12 * HOUR,
      quietMs: HOUR,
    },
    honest: {
      typingMs: 3 * SECOND,
      forgotten: 14,
      atHome: 30,
      typos: 2,
      retryMs: MINUTE,
      residents: 3,
      clientsPerPerson: 0.6,
    },
    bruteForcePerson: {
      distributed: { failures: 6, prefixes: 5, windowMs: 6 * HOUR },
      slow: { failures: 15, windowMs: 12 * HOUR },
      manyFailures: 50,
      quietMs: 12 * HOUR,
    },
    unfamiliarPlace: { failures: 5, failuresNewCountry: 4, windowMs: DAY, manyFailures: 15, quietMs: DAY },
    // Elastic and Okta: 5 refused prompts in 10 minutes; the prototype found 4 in 30 minutes earlier and as quiet.
    fatigue: { refusals: 4, windowMs: 30 * MINUTE, slowRefusals: 5, slowWindowMs: 2 * HOUR, quietMs: 2 * HOUR },
    spray: {
      windowMs: HOUR,
      strangers: 8,
      strangersManyClients: 30,
      strangersSharedSource: 60,
      fewClients: 0.34,
      sharedFrom: 3,
      many: 30,
      quietMs: HOUR,
      slow: {
        windowMs: DAY,
        strangers: 12,
        personsPerTry: 0.6,
        addressesPerPerson: 0.5,
        logTail: -14,
        quietMs: DAY,
      },
    },
    stuffing: {
      windowMs: HOUR,
      persons: 12,
      unknownShare: 0.15,
      guessedShare: 0.95,
      everywhere: { windowMs: 10 * MINUTE, strangers: 20, logTail: -18, prefixes: 3 },
      leastPeople: 20,
      quietMs: HOUR,
    },
    suspiciousSignIn: { quietMs: DAY, joinedMs: HOUR },
  },
  notWatched: new Set(),
  allowed: new AllowedSources([]),
  responses: { medium: noResponse, high: noResponse, critical: noResponse },
  replayAfterMs: 2 * DAY,
  latenessMs: 10 * MINUTE,
};
