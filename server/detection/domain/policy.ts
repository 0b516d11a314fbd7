import type { NetworkKind } from '../../contracts/detection.js';

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
  score: ScorePolicy;
  newness: NewnessPolicy;
  travel: TravelPolicy;
  profile: ProfilePolicy;
  rules: RulePolicy;
  /** Every quiet time is at least as long as the windows of its kind. */
  campaigns: CampaignPolicy;
  /** An attempt this far behind the newest one is history being replayed: it is judged among its own kind. */
  replayAfterMs: number;
  /** Attempts may overtake each other by this much and still raise the same alerts. */
  latenessMs: number;
}

export interface ScorePolicy {
  newCountry: number;
  newNetwork: number;
  newDevice: number;
  impossibleTravel: number;
  failuresThenSuccess: number;
  failuresFromUnfamiliarPlace: number;
  personUnderAttack: number;
  /** At the threshold, and the most (eight times the threshold). */
  sourceAttacksMany: { from: number; to: number };
  sourceFailsRepeatedly: number;
  factorFatigue: { from: number; each: number; to: number };
  /** By kind of network; kinds that are not named add nothing. */
  networkKind: Partial<Record<NetworkKind, number>>;
  automationClient: number;
  /** Reassurance, negative: seen once, and the most (16 sign-ins). */
  knownDevice: { from: number; to: number };
  knownDeviceId: number;
  knownNetwork: { from: number; to: number };
  /** A failed try did no harm yet, a challenge is not in yet: their points count this much. */
  failedFactor: number;
  challengedFactor: number;
}

export interface NewnessPolicy {
  country: NewnessByGap;
  network: NewnessByGap;
  device: NewnessByGap;
  /** Multiplies the rates by sign-ins so far: 1, 2–3, 4–11, 12 or more. */
  byHistory: readonly [number, number, number, number];
  /** The rate at which a new value earns exactly its weight. */
  reference: { country: number; network: number; device: number };
  /** How many sign-ins of the population a person's own rate is blended with. */
  pseudoCount: number;
  /** Bounds of the multiplier. */
  least: number;
  most: number;
  /** How much the rarity of a country or network among all people moves the points (± half of it). */
  rarity: number;
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
  /** A sign-in with this score or more teaches nothing until somebody confirms it. */
  learnBelow: number;
  halfLifeMs: number;
  /** A value whose decayed count fell below this is no longer known: one sign-in lasts about a year. */
  knownFrom: number;
  countries: number;
  networks: number;
  prefixes: number;
  clients: number;
  devices: number;
}

export interface RulePolicy {
  sourceFails: { failures: number; windowMs: number };
  sourceAttacks: { others: number; windowMs: number };
  personAttacked: { failures: number; addresses: number; windowMs: number };
  failuresBefore: { failures: number; windowMs: number; familiarFactor: number };
  unfamiliarFailures: { failures: number; windowMs: number };
  fatigue: { refusals: number; windowMs: number };
}

export interface CampaignPolicy {
  bruteForceSource: {
    failures: number;
    windowMs: number;
    manyFailures: number;
    /** Up to so many failures of one person, not faster than this on average, may be a forgotten password. */
    forgottenFailures: number;
    typingMs: number;
    quietMs: number;
  };
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
  suspiciousSignIn: { quietMs: number };
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
export const defaultPolicy: Policy = {
  version: 1,
  levels: { medium: 30, high: 60, critical: 85 },
  score: {
    newCountry: 28,
    newNetwork: 16,
    newDevice: 17,
    impossibleTravel: 20,
    failuresThenSuccess: 12,
    failuresFromUnfamiliarPlace: 14,
    personUnderAttack: 12,
    sourceAttacksMany: { from: 18, to: 34 },
    sourceFailsRepeatedly: 14,
    factorFatigue: { from: 20, each: 6, to: 38 },
    networkKind: { hosting: 10, vpn: 8, tor: 22 },
    automationClient: 14,
    knownDevice: { from: -6, to: -12 },
    knownDeviceId: -14,
    knownNetwork: { from: -3, to: -8 },
    failedFactor: 0.5,
    challengedFactor: 0.8,
  },
  newness: {
    country: [0.002, 0.008, 0.012, 0.015, 0.02],
    network: [0.03, 0.1, 0.14, 0.2, 0.25],
    device: [0.06, 0.09, 0.1, 0.13, 0.2],
    byHistory: [1.6, 1.2, 1, 0.7],
    reference: { country: 0.012, network: 0.14, device: 0.1 },
    pseudoCount: 6,
    least: 0.5,
    most: 1.15,
    rarity: 0.5,
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
    halfLifeMs: 90 * DAY,
    knownFrom: 0.06,
    countries: 8,
    networks: 16,
    prefixes: 24,
    clients: 12,
    devices: 12,
  },
  rules: {
    sourceFails: { failures: 5, windowMs: 10 * MINUTE },
    sourceAttacks: { others: 4, windowMs: HOUR },
    personAttacked: { failures: 5, addresses: 3, windowMs: HOUR },
    failuresBefore: { failures: 3, windowMs: HOUR, familiarFactor: 0.35 },
    unfamiliarFailures: { failures: 3, windowMs: DAY },
    fatigue: { refusals: 3, windowMs: 2 * HOUR },
  },
  campaigns: {
    // fail2ban's own default: 5 failures of one address within 10 minutes.
    bruteForceSource: {
      failures: 5,
      windowMs: 10 * MINUTE,
      manyFailures: 50,
      forgottenFailures: 14,
      typingMs: 3 * SECOND,
      quietMs: HOUR,
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
    suspiciousSignIn: { quietMs: HOUR },
  },
  replayAfterMs: 2 * DAY,
  latenessMs: 10 * MINUTE,
};
