import type { Profile } from './profile.js';

/** More networks than the internet announces (about 80,000 in 2025); keeps a forged number from filling memory. */
const NETWORKS_MAX = 100_000;

/** How many people use a network or country: what is rare for everybody is stranger than what is only new to one. */
export class Population {
  people = 0;
  private readonly networks = new Map<number, number>();
  private readonly countries = new Map<number, number>();

  /** Counts a stored profile once, when a worker starts. */
  addProfile(profile: Profile): void {
    this.people += 1;
    for (const asn of profile.networks.values()) this.addNetwork(asn);
    for (const country of profile.countries.values()) this.addCountry(country);
  }

  addPerson(): void {
    this.people += 1;
  }

  /** @param asn number of the network */
  addNetwork(asn: number): void {
    const users = this.networks.get(asn);
    if (users !== undefined || this.networks.size < NETWORKS_MAX) this.networks.set(asn, (users ?? 0) + 1);
  }

  /** @param country see `countryNumber` */
  addCountry(country: number): void {
    this.countries.set(country, (this.countries.get(country) ?? 0) + 1);
  }

  /** 0 = everybody uses it, 1 = nobody does; 0.5 while too few people are known to tell. */
  rarityOfNetwork(asn: number): number {
    return this.rarity(this.networks.get(asn) ?? 0);
  }

  rarityOfCountry(country: number): number {
    return this.rarity(this.countries.get(country) ?? 0);
  }

  private rarity(users: number): number {
    if (this.people < PEOPLE_TO_TELL) return 0.5;
    return Math.log((this.people + 1) / (users + 1)) / Math.log(this.people + 1);
  }
}

/** With fewer people a single user moves the rarity by more than a tenth. */
const PEOPLE_TO_TELL = 20;
