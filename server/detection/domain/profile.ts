import { Counter, type CounterRow } from './counter.js';
import type { EnrichedAttempt } from './enriched-attempt.js';
import { HOUR, type Policy } from './policy.js';
import { hashText } from './text.js';

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
  countries: CounterRow<string>[];
  networks: CounterRow<number>[];
  prefixes: CounterRow<string>[];
  clients: CounterRow<string>[];
  devices: CounterRow<number>[];
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
  countries = new Counter<string>();
  networks = new Counter<number>();
  prefixes = new Counter<string>();
  clients = new Counter<string>();
  devices = new Counter<number>();
  /** Sign-ins by hour of the day, UTC. */
  hours: number[] = new Array<number>(24).fill(0);

  /** Takes in a sign-in that is believed to be the owner's. A late one adds to the counts but not to the last place. */
  learn(attempt: EnrichedAttempt, policy: Policy): void {
    const { occurredAt: at, network, place } = attempt;
    const { profile: limits, travel } = policy;
    const half = limits.halfLifeMs;
    this.countNews(attempt, policy);
    if (place !== null) this.countries.add(place.country, at, half, limits.countries);
    if (network.asn !== null) this.networks.add(network.asn, at, half, limits.networks);
    this.prefixes.add(attempt.prefixKey, at, half, limits.prefixes);
    this.clients.add(attempt.clientKey, at, half, limits.clients);
    if (attempt.deviceId !== null) this.devices.add(hashText(attempt.deviceId), at, half, limits.devices);
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
  private countNews(attempt: EnrichedAttempt, policy: Policy): void {
    if (this.signIns === 0) return;
    const { halfLifeMs, knownFrom } = policy.profile;
    const at = attempt.occurredAt;
    const { asn } = attempt.network;
    if (attempt.place && this.countries.seen(attempt.place.country, at, halfLifeMs, knownFrom) === 0)
      this.newCountries++;
    if (asn !== null && this.networks.seen(asn, at, halfLifeMs, knownFrom) === 0) this.newNetworks++;
    if (this.clients.seen(attempt.clientKey, at, halfLifeMs, knownFrom) === 0) this.newDevices++;
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
