import type { Familiarity } from './familiarity.js';
import { cellOf, STEPS, type Habits, type Step } from './habits.js';
import type { NewnessPolicy, Policy } from './policy.js';
import type { Population } from './population.js';
import type { Profile } from './profile.js';
import { NOTHING, type Traits } from './traits.js';

/**
 * How much more likely each rung of what was seen is for an attacker than for this person, as natural logarithms:
 * above zero where it speaks against the person. A rung that says nothing is 0.
 */
export interface Ladders extends Record<Step, number> {
  /** The network, or the country, is one that few people here come back to. */
  networkRarity: number;
  countryRarity: number;
  /** Network and kind of device are new at once: honest people seldom change both on one day. */
  bothNew: number;
  /** The known client is one that few people here use; below zero, as it is then unlikely to be matched by luck. */
  clientRarity: number;
}

/** Which rungs were climbed: true = new, false = known, undefined = not reached or not known. */
export type Climb = readonly (boolean | undefined)[];

/**
 * From fine to coarse: the network is only asked about where the address and the neighbourhood are new, because a known
 * address has a known network anyway.
 */
export function climbOf(known: Familiarity, traits: Traits, profile: Profile): Climb {
  const address = known.address === 0;
  const prefix = address ? known.prefix === 0 : undefined;
  // What was learnt while no place or network database was there says nothing.
  const network =
    prefix === true && traits.network !== NOTHING && profile.networks.size > 0 ? known.network === 0 : undefined;
  const abroad = traits.country !== NOTHING && profile.countries.size > 0 && known.country === 0;
  const country =
    (network ?? prefix) === true && traits.country !== NOTHING && profile.countries.size > 0 ? abroad : undefined;
  const device = known.device > 0;
  const agent = device ? false : known.agent === 0;
  const lineage = agent ? !known.update : undefined;
  const client = lineage ? known.client === 0 : undefined;
  return [address, prefix, network, country, agent, client, lineage];
}

export function laddersOf(
  known: Familiarity,
  traits: Traits,
  profile: Profile,
  at: number,
  population: Population,
  policy: Policy,
): Ladders {
  const { newness } = policy;
  const cell = cellOf(Math.abs(at - profile.lastAt), profile.days);
  const climb = climbOf(known, traits, profile);
  const ladders: Ladders = { ...LEVEL };
  STEPS.forEach((step, i) => {
    const isNew = climb[i];
    if (isNew === undefined) return;
    const usual = population.habits.rate(i, cell, expected(step, cell, newness), newness.pseudoCount);
    const own = (profile.newsOf(i) + newness.ownPseudoCount * usual) / (profile.chancesOf(i) + newness.ownPseudoCount);
    const attacker = newness.attacker[step];
    const ratio = isNew ? attacker / own : (1 - attacker) / (1 - own);
    ladders[step] = newness.weight[step] * Math.log(ratio);
  });
  const { rarity } = newness;
  if (climb[2] === true) {
    ladders.networkRarity =
      known.country > 0
        ? rarity.network * population.rarityOfNetwork(traits.network) +
          rarity.networkWithin * population.rarityWithin(traits.network, traits.country)
        : rarity.networkAbroad * population.rarityOfNetwork(traits.network);
    if (known.client === 0) ladders.bothNew = policy.score.bothNewNats;
  }
  if (climb[3] === true) ladders.countryRarity = rarity.country * population.rarityOfCountry(traits.country);
  if (known.client > 0) ladders.clientRarity = -rarity.client * population.rarityOfClient(traits.client);
  return ladders;
}

/** Rates stay away from certainty: nothing is ever impossible. */
const RATE_MAX = 0.95;

function expected(step: Step, cell: number, newness: NewnessPolicy): number {
  const [gap, history] = [cell >> 2, cell & 3];
  return Math.min(RATE_MAX, (newness.usual[step][gap] ?? 0) * (newness.byHistory[history] ?? 1));
}

const LEVEL: Ladders = {
  address: 0,
  prefix: 0,
  network: 0,
  country: 0,
  agent: 0,
  client: 0,
  lineage: 0,
  networkRarity: 0,
  countryRarity: 0,
  clientRarity: 0,
  bothNew: 0,
};

/** Teaches the habits of everybody what a genuine sign-in brought; done before the profile learns it. */
export function learnHabits(climb: Climb, profile: Profile, at: number, habits: Habits): void {
  const cell = cellOf(Math.abs(at - profile.lastAt), profile.days);
  climb.forEach((isNew, step) => {
    if (isNew !== undefined) habits.learn(step, cell, isNew);
  });
}
