import { Counter } from './counter.js';
import { Doubts } from './doubts.js';
import type { EnrichedAttempt } from './enriched-attempt.js';
import { hourOf, STEPS } from './habits.js';
import type { Climb } from './ladders.js';
import { Lineages } from './lineages.js';
import { DAY, type Policy } from './policy.js';
import { NOTHING, type Traits } from './traits.js';

/** Where and when a person was last seen at a place that can be believed. */
export interface LastPlace {
  at: number;
  attemptId: string;
  country: string;
  city: string | null;
  latitude: number;
  longitude: number;
  accuracyKm: number;
}

/** Bumped when the stored form changes; an older form is read as no history. */
const FORM = 3;

/** The stored form of a profile: JSON, 0.4–3 kB. */
export interface EncodedProfile {
  v: number;
  n: number;
  days: number;
  first: number;
  last: number;
  /** By step of the ladders: chances, news. */
  habits: number[];
  place: [number, string, string, string | null, number, number, number] | null;
  countries: number[];
  networks: number[];
  prefixes: number[];
  addresses: number[];
  agents: number[];
  clients: number[];
  devices: number[];
  hours: number[];
  doubts: number[];
  /** Not in a form that was stored before devices were told apart. */
  lineages?: number[];
}

/**
 * What is usual for one person, learnt from successful sign-ins only: an attacker who fails teaches it nothing, and
 * invented names never get one. Size is bounded by the policy whatever happens.
 */
export class Profile {
  signIns = 0;
  /** Days, UTC, with a sign-in. What somebody does within one day says little about other days, so this is the length of a history. */
  days = 0;
  firstAt = 0;
  lastAt = 0;
  /** By step of the ladders: how often it could be new, and how often it was. */
  habits = new Array<number>(STEPS.length * 2).fill(0);
  lastPlace: LastPlace | null = null;
  countries = new Counter();
  networks = new Counter();
  prefixes = new Counter();
  addresses = new Counter();
  clients = new Counter();
  agents = new Counter();
  devices = new Counter();
  doubts = new Doubts();
  lineages = new Lineages();
  /** Sign-ins by hour of the day, UTC. */
  hours: number[] = new Array<number>(24).fill(0);

  /** Takes in a sign-in that is believed to be the owner's. A late one adds to the counts but not to the last place. */
  learn(attempt: EnrichedAttempt, traits: Traits, climb: Climb, policy: Policy): void {
    const { occurredAt: at, network, place } = attempt;
    const { profile: limits, travel } = policy;
    const half = limits.halfLifeMs;
    const nextDay = this.days === 0 || Math.floor(at / DAY) > Math.floor(this.lastAt / DAY);
    this.countNews(climb, nextDay);
    if (traits.country !== NOTHING) this.countries.add(traits.country, at, half, limits.countries);
    if (traits.network !== NOTHING) this.networks.add(traits.network, at, half, limits.networks);
    this.prefixes.add(traits.prefix, at, half, limits.prefixes);
    this.addresses.add(traits.address, at, half, limits.addresses);
    if (attempt.userAgent !== null && this.agents.lastDay(traits.agent) === undefined)
      this.lineages.add(attempt.userAgent);
    this.agents.add(traits.agent, at, half, limits.agents);
    this.clients.add(traits.client, at, half, limits.clients);
    if (traits.device !== NOTHING) this.devices.add(traits.device, at, half, limits.devices);
    const hour = hourOf(at);
    this.hours[hour] = (this.hours[hour] ?? 0) + 1;
    this.signIns += 1;
    if (nextDay) this.days += 1;
    if (this.firstAt === 0 || at < this.firstAt) this.firstAt = at;
    this.lastAt = Math.max(this.lastAt, at);
    const newer = this.lastPlace === null || at >= this.lastPlace.at;
    if (place !== null && newer && !travel.exempt.includes(network.kind)) {
      const { country, city, latitude, longitude, accuracyKm } = place;
      this.lastPlace = { at, attemptId: attempt.id, country, city, latitude, longitude, accuracyKm };
    }
  }

  /**
   * How often this person brings something new, so that travellers are judged as travellers. A day at one desk is one chance to
   * see something new, not thirty: else a frequent user's first phone would look impossible.
   */
  private countNews(climb: Climb, nextDay: boolean): void {
    if (this.signIns === 0) return;
    climb.forEach((isNew, step) => {
      if (isNew === undefined || !(isNew || nextDay)) return;
      this.habits[2 * step] = this.chancesOf(step) + 1;
      if (isNew) this.habits[2 * step + 1] = this.newsOf(step) + 1;
    });
  }

  chancesOf(step: number): number {
    return this.habits[2 * step] ?? 0;
  }

  newsOf(step: number): number {
    return this.habits[2 * step + 1] ?? 0;
  }
}

/** The form that is stored; `decodeProfile` gives back an equal profile. */
export function encodeProfile(profile: Profile): EncodedProfile {
  const p = profile.lastPlace;
  return {
    v: FORM,
    n: profile.signIns,
    days: profile.days,
    first: profile.firstAt,
    last: profile.lastAt,
    habits: [...profile.habits],
    place: p && [p.at, p.attemptId, p.country, p.city, p.latitude, p.longitude, p.accuracyKm],
    countries: profile.countries.encode(),
    networks: profile.networks.encode(),
    prefixes: profile.prefixes.encode(),
    addresses: profile.addresses.encode(),
    agents: profile.agents.encode(),
    clients: profile.clients.encode(),
    devices: profile.devices.encode(),
    hours: [...profile.hours],
    doubts: profile.doubts.encode(),
    lineages: profile.lineages.encode(),
  };
}

/** Undefined for a form of another version: the person then counts as one without history. */
export function decodeProfile(state: EncodedProfile): Profile | undefined {
  if (state.v !== FORM) return undefined;
  const profile = new Profile();
  profile.signIns = state.n;
  profile.days = state.days;
  profile.firstAt = state.first;
  profile.lastAt = state.last;
  profile.habits = [...state.habits];
  if (state.place !== null) {
    const [at, attemptId, country, city, latitude, longitude, accuracyKm] = state.place;
    profile.lastPlace = { at, attemptId, country, city, latitude, longitude, accuracyKm };
  }
  profile.countries = new Counter(state.countries);
  profile.networks = new Counter(state.networks);
  profile.prefixes = new Counter(state.prefixes);
  profile.addresses = new Counter(state.addresses);
  profile.agents = new Counter(state.agents);
  profile.clients = new Counter(state.clients);
  profile.devices = new Counter(state.devices);
  profile.hours = state.hours;
  profile.doubts = new Doubts(state.doubts);
  profile.lineages = new Lineages(state.lineages);
  return profile;
}
