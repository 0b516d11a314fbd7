import { Generations } from './generations.js';
import { Habits } from './habits.js';
import { DAY } from './policy.js';
import type { Profile } from './profile.js';

/** More networks than the internet announces (about 80,000 in 2025); keeps forged values from filling memory. */
const VALUES_MAX = 100_000;
/** Exact clients of one generation; two are held, about 100 bytes each. */
const AGENTS = 40_000;
/** With fewer people a single user moves the rarity by more than a tenth. */
const PEOPLE_TO_TELL = 20;
/** With fewer users of an exact client its last use is that of a person, not of a version. */
const USERS_TO_TELL = 3;
/** People whom a country is taken to have beyond those known, and the logarithm that says nothing. */
const WITHIN_PSEUDO = 20;
const WITHIN_USUAL = 2;
/** A second sign-in from somewhere makes a person a resident: an attacker rarely needs to come back. */
export const RESIDENT_FROM = 2;

/** Who used an exact client, and the last day of it. */
interface AgentUse {
  people: number;
  day: number;
}

/**
 * What is usual for all people together. A network or country counts for everybody only once the same person came back
 * to it, so that takeovers nobody noticed don't make their sources look usual.
 */
export class Population {
  people = 0;
  readonly habits = new Habits();
  private readonly networks = new Map<number, number>();
  private readonly countries = new Map<number, number>();
  private readonly clients = new Map<number, number>();
  private readonly agents = new Generations<number, AgentUse>(AGENTS);

  /** Values that are held: networks, countries and kinds of client; exact clients apart. */
  get size(): { values: number; agents: number } {
    return { values: this.networks.size + this.countries.size + this.clients.size, agents: this.agents.size };
  }

  /** Counts a stored profile once, when a worker starts. */
  addProfile(profile: Profile): void {
    this.people += 1;
    for (const asn of profile.networks.seenFrom(RESIDENT_FROM)) this.addNetwork(asn);
    for (const country of profile.countries.seenFrom(RESIDENT_FROM)) this.addCountry(country);
    for (const client of profile.clients.seenFrom(RESIDENT_FROM)) this.addClient(client);
    for (const [agent, day] of profile.agents.lastDays()) this.useAgent(agent, day, true);
  }

  addPerson(): void {
    this.people += 1;
  }

  /** @param asn number of the network that somebody came back to */
  addNetwork(asn: number): void {
    count(this.networks, asn);
  }

  /** @param country see `countryNumber` */
  addCountry(country: number): void {
    count(this.countries, country);
  }

  /** @param client hash of the device class, OS and browser family that somebody used again */
  addClient(client: number): void {
    count(this.clients, client);
  }

  /** @param agent hash of the exact client of a genuine sign-in, and the day of it, UTC */
  useAgent(agent: number, day: number, isNewToPerson: boolean): void {
    const use = this.agents.get(agent);
    if (use === undefined) {
      this.agents.set(agent, { people: 1, day });
      return;
    }
    if (isNewToPerson) use.people += 1;
    if (day > use.day) use.day = day;
  }

  /**
   * Days since anybody signed in with an exact client that several people used: the rest has moved on to newer versions. 0 where
   * too few people used it to tell.
   */
  daysWithout(agent: number, at: number): number {
    const use = this.agents.get(agent);
    return use === undefined || use.people < USERS_TO_TELL ? 0 : Math.max(0, Math.floor(at / DAY) - use.day);
  }

  /**
   * How rare a network is, as a natural logarithm around 0: above zero where few people come back to it, below where
   * many do; 0 while too few people are known to tell.
   */
  rarityOfNetwork(asn: number): number {
    return this.rarity(this.networks.get(asn) ?? 0);
  }

  /**
   * How much rarer a network is than its country, as a natural logarithm around 0: a data centre stands out in a country where many
   * people are at home, a telephone company doesn't.
   */
  rarityWithin(asn: number, country: number): number {
    if (this.people < PEOPLE_TO_TELL) return 0;
    const here = this.countries.get(country) ?? 0;
    return Math.log((here + WITHIN_PSEUDO) / (this.residentsOf(asn) + 1)) - WITHIN_USUAL;
  }

  /** People who came back to a network. */
  residentsOf(asn: number): number {
    return this.networks.get(asn) ?? 0;
  }

  rarityOfCountry(country: number): number {
    return this.rarity(this.countries.get(country) ?? 0);
  }

  rarityOfClient(client: number): number {
    return this.rarity(this.clients.get(client) ?? 0);
  }

  private rarity(users: number): number {
    if (this.people < PEOPLE_TO_TELL) return 0;
    return Math.log(this.people + 1) / 2 - Math.log(users + 1);
  }
}

function count(users: Map<number, number>, value: number): void {
  const before = users.get(value);
  if (before !== undefined || users.size < VALUES_MAX) users.set(value, (before ?? 0) + 1);
}
