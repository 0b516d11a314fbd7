import { Counter } from './counter.js';
import type { EnrichedAttempt } from './enriched-attempt.js';
import type { Familiarity } from './familiarity.js';
import { HOUR, type Policy } from './policy.js';
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
const FORM = 1;

/** The stored form of a profile: JSON, 0.3–1.5 kB. */
export interface EncodedProfile {
  v: number;
  n: number;
  first: number;
  last: number;
  /** Sign-ins that brought a new country, network, device. */
  news: [number, number, number];
  place: [number, string, string, string | null, number, number, number] | null;
  countries: number[];
  networks: number[];
  prefixes: number[];
  clients: number[];
  devices: number[];
  hours: number[];
}

/**
 * What is usual for one person, learnt from successful sign-ins only: an attacker who fails teaches it nothing, and
 * invented names never get one. Size is bounded by the policy whatever happens.
 */
export class Profile {
  signIns = 0;
  firstAt = 0;
  lastAt = 0;
  newCountries = 0;
  newNetworks = 0;
  newDevices = 0;
  lastPlace: LastPlace | null = null;
  countries = new Counter();
  networks = new Counter();
  prefixes = new Counter();
  clients = new Counter();
  devices = new Counter();
  /** Sign-ins by hour of the day, UTC. */
  hours: number[] = new Array<number>(24).fill(0);

  /** Takes in a sign-in that is believed to be the owner's. A late one adds to the counts but not to the last place. */
  learn(attempt: EnrichedAttempt, traits: Traits, known: Familiarity, policy: Policy): void {
    const { occurredAt: at, network, place } = attempt;
    const { profile: limits, travel } = policy;
    const half = limits.halfLifeMs;
    this.countNews(traits, known);
    if (traits.country !== NOTHING) this.countries.add(traits.country, at, half, limits.countries);
    if (traits.network !== NOTHING) this.networks.add(traits.network, at, half, limits.networks);
    this.prefixes.add(traits.prefix, at, half, limits.prefixes);
    this.clients.add(traits.client, at, half, limits.clients);
    if (traits.device !== NOTHING) this.devices.add(traits.device, at, half, limits.devices);
    const hour = Math.floor(at / HOUR) % 24;
    this.hours[hour] = (this.hours[hour] ?? 0) + 1;
    this.signIns += 1;
    if (this.firstAt === 0 || at < this.firstAt) this.firstAt = at;
    this.lastAt = Math.max(this.lastAt, at);
    const newer = this.lastPlace === null || at >= this.lastPlace.at;
    if (place !== null && newer && !travel.exempt.includes(network.kind)) {
      const { country, city, latitude, longitude, accuracyKm } = place;
      this.lastPlace = { at, attemptId: attempt.id, country, city, latitude, longitude, accuracyKm };
    }
  }

  /** How often this person brings something new, so that travellers are judged as travellers. */
  private countNews(traits: Traits, known: Familiarity): void {
    if (this.signIns === 0) return;
    if (traits.country !== NOTHING && known.country === 0) this.newCountries += 1;
    if (traits.network !== NOTHING && known.network === 0) this.newNetworks += 1;
    if (known.client === 0) this.newDevices += 1;
  }
}

/** The form that is stored; `decodeProfile` gives back an equal profile. */
export function encodeProfile(profile: Profile): EncodedProfile {
  const p = profile.lastPlace;
  return {
    v: FORM,
    n: profile.signIns,
    first: profile.firstAt,
    last: profile.lastAt,
    news: [profile.newCountries, profile.newNetworks, profile.newDevices],
    place: p && [p.at, p.attemptId, p.country, p.city, p.latitude, p.longitude, p.accuracyKm],
    countries: profile.countries.encode(),
    networks: profile.networks.encode(),
    prefixes: profile.prefixes.encode(),
    clients: profile.clients.encode(),
    devices: profile.devices.encode(),
    hours: [...profile.hours],
  };
}

/** Undefined for a form of another version: the person then counts as one without history. */
export function decodeProfile(state: EncodedProfile): Profile | undefined {
  if (state.v !== FORM) return undefined;
  const profile = new Profile();
  profile.signIns = state.n;
  profile.firstAt = state.first;
  profile.lastAt = state.last;
  [profile.newCountries, profile.newNetworks, profile.newDevices] = state.news;
  if (state.place !== null) {
    const [at, attemptId, country, city, latitude, longitude, accuracyKm] = state.place;
    profile.lastPlace = { at, attemptId, country, city, latitude, longitude, accuracyKm };
  }
  profile.countries = new Counter(state.countries);
  profile.networks = new Counter(state.networks);
  profile.prefixes = new Counter(state.prefixes);
  profile.clients = new Counter(state.clients);
  profile.devices = new Counter(state.devices);
  profile.hours = state.hours;
  return profile;
}
