import { FAILED, NEW_COUNTRY, STRANGER, UNKNOWN_SUBJECT } from './events.js';
import type { Facts } from './facts.js';
import type { Policy } from './policy.js';
import { isScripted } from './rules/automation-client.js';
import type { Trail } from './windows.js';

/** What failures in a window have in common. */
export interface Failures {
  count: number;
  /** Tries by name of people who exist: distinct people, and the most of one. */
  people: number;
  mostOfOne: number;
  /** Distinct names that nobody has. */
  unknown: number;
  addresses: number;
  clients: number;
  /** By strangers, and from countries that are new to the person. */
  strangers: number;
  abroad: number;
  /** Mean time between two of them; 0 for a single one. */
  paceMs: number;
}

/** Reads a window anew; only called where a threshold was reached. */
export function gatherFailures(trail: Trail | undefined, from: number, to: number): Failures {
  const people = new Map<number, number>();
  const [unknown, addresses, clients] = [new Set<number>(), new Set<number>(), new Set<number>()];
  let [count, strangers, abroad, first, last] = [0, 0, 0, 0, 0];
  for (const { at, flags, subjectHash, addressHash, clientHash } of trail?.events ?? []) {
    if (at < from || at > to || !(flags & FAILED)) continue;
    if (count === 0) first = at;
    last = at;
    count += 1;
    if (flags & UNKNOWN_SUBJECT) unknown.add(subjectHash);
    else people.set(subjectHash, (people.get(subjectHash) ?? 0) + 1);
    if (flags & STRANGER && !(flags & UNKNOWN_SUBJECT)) strangers += 1;
    if (flags & NEW_COUNTRY) abroad += 1;
    addresses.add(addressHash);
    clients.add(clientHash);
  }
  return {
    count,
    people: people.size,
    mostOfOne: Math.max(0, ...people.values()),
    unknown: unknown.size,
    addresses: addresses.size,
    clients: clients.size,
    strangers,
    abroad,
    paceMs: count > 1 ? (last - first) / (count - 1) : 0,
  };
}

/** By hand, from a network that people sit in. A script or a data centre forgets no passwords. */
function typed({ paceMs }: Failures, { attempt }: Facts, policy: Policy): boolean {
  if (paceMs < policy.campaigns.honest.typingMs || isScripted(attempt)) return false;
  return policy.score.networkKind[attempt.network.kind] === undefined;
}

/**
 * Failures of one address that are more likely its people than an attack: all by hand and for people who exist, each
 * with few tries. One of them forgot a password, or several share an office whose passwords ran out. Names that nobody
 * has, a script or a data centre are never honest; an attacker who stays below it gets a handful of guesses a day.
 */
export function looksHonest(failures: Failures, facts: Facts, policy: Policy): boolean {
  const { honest } = policy.campaigns;
  if (failures.people === 0 || failures.unknown > honest.typos || !typed(failures, facts, policy)) return false;
  if (failures.people === 1) {
    if (failures.mostOfOne <= (failures.strangers === 0 ? honest.atHome : honest.forgotten)) return true;
    // What is left of slow tries is judged by the person they are for.
    return failures.clients === 1 && failures.paceMs >= honest.retryMs;
  }
  return failures.clients >= honest.clientsPerPerson * failures.people && failures.mostOfOne <= honest.forgotten;
}

/**
 * A client that keeps trying an old password by itself: slowly, from one address, the person's own kind of device, in a
 * country of theirs, on a network to which people of this installation come back.
 */
export function looksRetried(failures: Failures, facts: Facts, policy: Policy): boolean {
  const { honest } = policy.campaigns;
  if (failures.addresses > 1 || failures.clients > 1 || failures.paceMs < honest.retryMs) return false;
  if (!typed(failures, facts, policy) || failures.abroad > 0 || !wherePeopleLive(facts, policy)) return false;
  return facts.familiarity.client > 0;
}

/** A network to which people of this installation come back. */
function wherePeopleLive({ population, event }: Facts, policy: Policy): boolean {
  return population.residentsOf(event.asn) >= policy.campaigns.honest.residents;
}

/**
 * A forgotten password away from home: one address, by hand, and the kind of device is the person's, or at least the country is and
 * people live there.
 */
export function looksAway(failures: Failures, facts: Facts, policy: Policy): boolean {
  if (looksRetried(failures, facts, policy)) return true;
  if (failures.addresses > 1 || failures.count > policy.campaigns.honest.forgotten) return false;
  if (!typed(failures, facts, policy)) return false;
  return facts.familiarity.client > 0 || (failures.abroad === 0 && wherePeopleLive(facts, policy));
}
