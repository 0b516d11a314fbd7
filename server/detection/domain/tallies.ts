import { Distinct } from './distinct.js';
import * as flag from './events.js';
import type { AttemptEvent } from './events.js';
import type { Policy } from './policy.js';
import { NOTHING } from './traits.js';
import { LONGEST_WINDOW_MS, type Trail } from './windows.js';

/** What happened to a person before an attempt, without the attempt itself. */
export interface PersonTally {
  /** In the follow-up window (1 h): from the same address or another that the person doesn't use; and since when. */
  failuresBefore: number;
  failuresBeforeSince: number;
  /** In the attack window (1 h): failures by strangers and their distinct addresses. */
  attackFailures: number;
  attackAddresses: number;
  attackSince: number;
  /** In 24 h from places that the person, who has a history, never used. */
  unfamiliar: number;
  /** Those of them from the address of the attempt itself. */
  unfamiliarHere: number;
  unfamiliarNewCountry: number;
  unfamiliarSince: number;
  unfamiliarNetworks: number;
  unfamiliarCountries: readonly string[];
  /** By strangers in the windows of the campaigns: distributed (with distinct prefixes, the attempt's own too), slow. */
  distributed: number;
  distributedPrefixes: number;
  slow: number;
  /** Refused or unanswered challenges in the short and the long window. */
  refusals: number;
  slowRefusals: number;
  refusalsSince: number;
}

/** What one address did before an attempt. */
export interface AddressTally {
  failures: number;
  since: number;
}

/** What a neighbourhood, network, client or application did before an attempt, tries of strangers only. */
export interface SourceTally {
  tries: number;
  /** Distinct strangers apart from the attempt's own subject; and those of them that nobody knows. */
  others: number;
  othersUnknown: number;
  clients: number;
  addresses: number;
  prefixes: number;
  /** Other people who signed in from there as at home. */
  regulars: number;
  since: number;
}

const NO_COUNTRIES: readonly string[] = [];
/** Countries named in evidence. */
const COUNTRIES_MAX = 5;

const noPerson = (at: number): PersonTally => ({
  failuresBefore: 0,
  failuresBeforeSince: at,
  attackFailures: 0,
  attackAddresses: 0,
  attackSince: at,
  unfamiliar: 0,
  unfamiliarHere: 0,
  unfamiliarNewCountry: 0,
  unfamiliarSince: at,
  unfamiliarNetworks: 0,
  unfamiliarCountries: NO_COUNTRIES,
  distributed: 0,
  distributedPrefixes: 0,
  slow: 0,
  refusals: 0,
  slowRefusals: 0,
  refusalsSince: at,
});

// Shared by all attempts that nothing is known about, most of them; nobody writes to a tally.
const NO_PERSON: PersonTally = noPerson(0);
const NO_ADDRESS: AddressTally = { failures: 0, since: 0 };

// Scratch tables, emptied before every use: twice the longest trail.
const first = new Distinct(1024);
const second = new Distinct(1024);
const third = new Distinct(1024);
const fourth = new Distinct(1024);
const fifth = new Distinct(1024);

/**
 * Where a walk over a trail starts: the last event not after `at` plus `slack`, and the end of its window. Facts look
 * with no slack, campaigns with the allowed lateness, so that a straggler completes the burst it belongs to.
 */
function startOf(trail: Trail, at: number, slack: number): number {
  const { events } = trail;
  let i = events.length - 1;
  while (i >= 0 && (events[i] as AttemptEvent).at > at + slack) i -= 1;
  return i;
}

export function tallyPerson(trail: Trail | undefined, self: AttemptEvent, slack: number, policy: Policy): PersonTally {
  if (trail === undefined) return NO_PERSON;
  const { events } = trail;
  const start = startOf(trail, self.at, slack);
  if (start < 0) return NO_PERSON;
  const tally = noPerson(self.at);
  first.clear();
  second.clear();
  third.clear();
  if (self.flags & flag.STRANGER) second.add(self.prefixHash);
  const end = Math.max(self.at, (events[start] as AttemptEvent).at);
  // Prompts that were answered, one way or the other, are not counted beside their answers.
  let unanswered = self.flags & (flag.SUCCEEDED | flag.REFUSED) ? -1 : 0;
  for (let i = start; i >= 0; i--) {
    const event = events[i] as AttemptEvent;
    const age = end - event.at;
    if (age > LONGEST_WINDOW_MS) break;
    if (event === self) continue;
    if (event.flags & (flag.SUCCEEDED | flag.REFUSED)) unanswered -= 1;
    if (event.flags & flag.FAILED) countFailure(tally, event, self, age, policy);
    if (event.flags & flag.REFUSED) countRefusal(tally, event.at, age, policy);
    if (event.flags & flag.PROMPTED && ++unanswered > 0) countRefusal(tally, event.at, age, policy);
  }
  tally.attackAddresses = first.count;
  tally.distributedPrefixes = second.count;
  tally.unfamiliarNetworks = third.count;
  return tally;
}

function countFailure(tally: PersonTally, event: AttemptEvent, self: AttemptEvent, age: number, policy: Policy): void {
  const { rules, campaigns } = policy;
  const stranger = (event.flags & flag.STRANGER) !== 0;
  if (age <= rules.failuresBefore.windowMs && (stranger || event.addressHash === self.addressHash)) {
    tally.failuresBefore += 1;
    tally.failuresBeforeSince = event.at;
  }
  if (!stranger) return;
  if (age <= rules.personAttacked.windowMs) {
    tally.attackFailures += 1;
    tally.attackSince = event.at;
    first.add(event.addressHash);
  }
  if (age <= campaigns.bruteForcePerson.distributed.windowMs) {
    tally.distributed += 1;
    second.add(event.prefixHash);
  }
  if (age <= campaigns.bruteForcePerson.slow.windowMs) tally.slow += 1;
  // A stranger to someone with a history; without history no place is unfamiliar.
  if (age <= campaigns.unfamiliarPlace.windowMs && !(event.flags & (flag.WITHOUT_HISTORY | flag.UNKNOWN_SUBJECT))) {
    countUnfamiliar(tally, event, self);
  }
}

function countUnfamiliar(tally: PersonTally, event: AttemptEvent, self: AttemptEvent): void {
  tally.unfamiliar += 1;
  if (event.addressHash === self.addressHash) tally.unfamiliarHere += 1;
  tally.unfamiliarSince = event.at;
  if (event.flags & flag.NEW_COUNTRY) tally.unfamiliarNewCountry += 1;
  third.add(event.asn === NOTHING ? event.prefixHash : event.asn);
  const { country } = event;
  const listed = tally.unfamiliarCountries;
  if (country === null || listed.length >= COUNTRIES_MAX || listed.includes(country)) return;
  tally.unfamiliarCountries = [...listed, country];
}

function countRefusal(tally: PersonTally, at: number, age: number, policy: Policy): void {
  const { fatigue } = policy.campaigns;
  if (age > fatigue.slowWindowMs) return;
  tally.slowRefusals += 1;
  tally.refusalsSince = at;
  if (age <= fatigue.windowMs) tally.refusals += 1;
}

export function tallyAddress(
  trail: Trail | undefined,
  self: AttemptEvent,
  slack: number,
  policy: Policy,
): AddressTally {
  if (trail === undefined) return NO_ADDRESS;
  const tally = { failures: 0, since: self.at };
  const { events } = trail;
  const { windowMs } = policy.rules.sourceFails;
  const start = startOf(trail, self.at, slack);
  const end = start < 0 ? self.at : Math.max(self.at, (events[start] as AttemptEvent).at);
  for (let i = start; i >= 0; i--) {
    const event = events[i] as AttemptEvent;
    if (end - event.at > windowMs) break;
    if (event === self || !(event.flags & flag.FAILED)) continue;
    tally.failures += 1;
    tally.since = event.at;
  }
  return tally;
}

const noSource = (at: number): SourceTally => ({
  tries: 0,
  others: 0,
  othersUnknown: 0,
  clients: 0,
  addresses: 0,
  prefixes: 0,
  regulars: 0,
  since: at,
});

const NO_SOURCE: SourceTally = noSource(0);
const never = (): boolean => false;

/** A try of a stranger, as far as it wasn't the person. */
const isCounted = ({ flags }: AttemptEvent): boolean =>
  (flags & (flag.FAILED | flag.STRANGER | flag.EXPLAINED)) === (flag.FAILED | flag.STRANGER);

/** People who are at home there make it a shared source: an office, a carrier. */
const isRegular = ({ flags }: AttemptEvent): boolean => (flags & (flag.SUCCEEDED | flag.STRANGER)) === flag.SUCCEEDED;

/** @param told which tries don't count, as an alert tells of them already */
export function tallySource(
  trail: Trail | undefined,
  self: AttemptEvent,
  slack: number,
  windowMs: number,
  told: (event: AttemptEvent) => boolean = never,
): Readonly<SourceTally> {
  if (trail === undefined) return NO_SOURCE;
  const { events } = trail;
  const start = startOf(trail, self.at, slack);
  if (start < 0) return NO_SOURCE;
  const tally = noSource(self.at);
  for (const table of [first, second, third, fourth, fifth]) table.clear();
  const end = Math.max(self.at, (events[start] as AttemptEvent).at);
  for (let i = start; i >= 0; i--) {
    const event = events[i] as AttemptEvent;
    if (end - event.at > windowMs) break;
    if (event === self) continue;
    if (!isCounted(event)) {
      if (isRegular(event) && event.subjectHash !== self.subjectHash) fifth.add(event.subjectHash);
      continue;
    }
    if (told(event)) continue;
    tally.tries += 1;
    tally.since = event.at;
    second.add(event.clientHash);
    third.add(event.addressHash);
    fourth.add(event.prefixHash);
    if (event.subjectHash === self.subjectHash || !first.add(event.subjectHash)) continue;
    if (event.flags & flag.UNKNOWN_SUBJECT) tally.othersUnknown += 1;
  }
  tally.others = first.count;
  tally.clients = second.count;
  tally.addresses = third.count;
  tally.prefixes = fourth.count;
  tally.regulars = fifth.count;
  return tally;
}

/** Chernoff bound: the logarithm of the chance to see `count` where `expected` are usual. 0 when not more than usual. */
export function logTail(count: number, expected: number): number {
  const usual = Math.max(expected, LEAST_EXPECTED);
  return count <= usual ? 0 : -(count * Math.log(count / usual) - count + usual);
}

/** A source never seen before isn't infinitely surprising. */
const LEAST_EXPECTED = 0.5;
