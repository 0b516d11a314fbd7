import type { Risk } from '../../contracts/detection.js';
import { examine, type Finding } from './campaigns.js';
import { failed, type EnrichedAttempt } from './enriched-attempt.js';
import { eventOf, FAILED, STRANGER, SUCCEEDED, type AttemptEvent } from './events.js';
import { explain } from './explain.js';
import type { Facts } from './facts.js';
import { atHome, familiarityOf, type Familiarity } from './familiarity.js';
import type { Generations } from './generations.js';
import { hourOf } from './habits.js';
import { climbOf, laddersOf, learnHabits } from './ladders.js';
import type { DetectionMemory, Lane } from './memory.js';
import { sprayOverNetwork } from './campaigns/spray.js';
import { DAY, type Policy } from './policy.js';
import { RESIDENT_FROM, type Population } from './population.js';
import { Profile } from './profile.js';
import { Reputation } from './reputation.js';
import { scoreOf, type Assessment } from './score.js';
import { Sight, type Trails } from './sight.js';
import { tallyAddress, tallyPerson, tallySource } from './tallies.js';
import { boundedName } from './text.js';
import { NOTHING, traitsOf, type Traits } from './traits.js';

/** What is known about one attempt once it is judged. */
export interface Judgement {
  risk: Risk;
  findings: Finding[];
  /** The score before rounding and without its bounds, for ranking and for measuring. */
  suspicion: number;
}

/**
 * Judges one attempt by what was known before it, then learns from it. The only inputs are the attempt, the memory and
 * the policy: the same attempts in the same order give the same judgements.
 */
export function judge(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): Judgement {
  const encounter = consider(attempt, memory, policy);
  if (attempt.outcome === 'success' && isBelieved(encounter, memory, policy)) learn(encounter, memory, policy);
  return encounter.judgement;
}

/** Whether a sign-in may be learnt: it looks like the owner's, or has looked strange for long enough without an objection. */
function isBelieved(
  { attempt, traits, profile, judgement }: Encounter & { judgement: Judgement },
  memory: DetectionMemory,
  policy: Policy,
): boolean {
  const { learnBelow, provenAfterMs } = policy.profile;
  if (judgement.risk.score < learnBelow) return true;
  if (profile === undefined) return false;
  memory.profiles.changed(attempt.subjectKey, profile);
  return profile.doubts.outlived(traits.network, traits.client, attempt.occurredAt, provenAfterMs);
}

/**
 * Judges without teaching the profile: for rebuilding windows and campaigns from stored attempts after a restart, when
 * the stored profiles already know them.
 */
export function recall(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): Judgement {
  return consider(attempt, memory, policy).judgement;
}

/** What an attempt would score, without a trace of it in any memory. */
export function assess(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): Assessment {
  const lane = laneOf(attempt, memory, policy);
  const { facts } = factsOf(encounterOf(attempt, memory, policy), lane, memory.population, policy);
  return scoreOf(facts, policy);
}

/** Whether the person signs in from there, or with that device, anyway. */
export function isOwnersPlace(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): boolean {
  return atHome(encounterOf(attempt, memory, policy).familiarity);
}

/** Teaches the profile a sign-in that scored too high to be learnt, once somebody confirmed that it was the owner. */
export function learnSignIn(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): void {
  learn(encounterOf(attempt, memory, policy), memory, policy);
}

/** An attempt held against what is known about the person. */
interface Encounter {
  attempt: EnrichedAttempt;
  traits: Traits;
  profile: Profile | undefined;
  familiarity: Familiarity;
}

function encounterOf(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): Encounter {
  const profile = memory.profiles.get(attempt.subjectKey);
  const traits = traitsOf(attempt);
  return { attempt, traits, profile, familiarity: familiarityOf(attempt, traits, profile, policy.profile) };
}

/** Everything known about an attempt from before it, without a trace of it. */
function factsOf(
  { attempt, traits, profile, familiarity }: Encounter,
  lane: Lane,
  population: Population,
  policy: Policy,
): { facts: Facts; trails: Trails } {
  const event = eventOf(attempt, traits, familiarity);
  const trails = trailsOf(attempt, familiarity, event, lane);
  const { person, address, prefix } = trails;
  const facts: Facts = {
    attempt,
    event,
    allowance: policy.allowed.find(attempt),
    profile,
    familiarity,
    ladders: profile && laddersOf(familiarity, traits, profile, attempt.occurredAt, population, policy),
    networkReputation: lane.networkReputations.get(traits.network),
    clientReputation: lane.clientReputations.get(traits.agent),
    countryReputation: lane.countryReputations.get(traits.country),
    visitReputation: lane.visitReputations.get(traits.visit),
    traits,
    person: tallyPerson(person, event, 0, policy),
    address: tallyAddress(address, event, 0, policy),
    prefix: tallySource(prefix, event, 0, policy.campaigns.spray.windowMs),
    networkUnderSpray: networkUnderSpray(attempt, event, lane, policy),
    population,
  };
  return { facts, trails };
}

function consider(
  attempt: EnrichedAttempt,
  memory: DetectionMemory,
  policy: Policy,
): Encounter & { judgement: Judgement } {
  const lane = laneOf(attempt, memory, policy);
  const encounter = encounterOf(attempt, memory, policy);
  const { facts, trails } = factsOf(encounter, lane, memory.population, policy);
  const { risk, suspicion } = scoreOf(facts, policy);
  // What an allowed source fails at is counted against nobody, the person that it tries included.
  const isKept = facts.allowance === null || !failed(attempt);
  const filled = isKept ? insert(facts, trails, lane) : trails;
  explain(filled.person, facts.event);
  if (facts.allowance === null) remember(facts, lane, policy);
  const sight = new Sight(facts, filled, policy);
  const findings = examine({ facts, risk, sight, ledger: lane.ledger, policy }, filled);
  return { ...encounter, judgement: { risk, findings, suspicion } };
}

/** What this attempt says about its network, its client and its country. */
function remember({ attempt, event, familiarity, traits }: Facts, lane: Lane, policy: Policy): void {
  const { flags, subjectHash, asn, clientHash } = event;
  const { occurredAt: at } = attempt;
  const stranger = (flags & STRANGER) !== 0;
  const keep = (reputations: Generations<number, Reputation>, key: number, unfamiliar: boolean): void => {
    let reputation = reputations.get(key);
    if (reputation === undefined) reputations.set(key, (reputation = new Reputation()));
    if (flags & FAILED && stranger) reputation.addFailure(subjectHash, at, policy.reputation);
    if (!(flags & SUCCEEDED)) return;
    if (unfamiliar) reputation.addNewcomer(subjectHash, at, policy.reputation);
    else reputation.addRegular(at, policy.reputation);
  };
  if (asn !== NOTHING) keep(lane.networkReputations, asn, familiarity.network === 0);
  if (attempt.userAgent !== null) keep(lane.clientReputations, clientHash, familiarity.client === 0);
  // A first sign-in ever comes from home: it visits no country.
  if (traits.country === NOTHING || (familiarity.signIns === 0 && !(flags & FAILED))) return;
  keep(lane.countryReputations, traits.country, familiarity.country === 0);
  if (flags & SUCCEEDED) keep(lane.visitReputations, traits.visit, familiarity.country === 0);
}

function learn({ attempt, traits, profile, familiarity }: Encounter, memory: DetectionMemory, policy: Policy): void {
  const { profiles, population } = memory;
  const { occurredAt: at } = attempt;
  if (profile === undefined) population.addPerson();
  if (familiarity.network === RESIDENT_FROM - 1) population.addNetwork(traits.network);
  if (familiarity.country === RESIDENT_FROM - 1) population.addCountry(traits.country);
  if (familiarity.client === RESIDENT_FROM - 1) population.addClient(traits.client);
  population.useAgent(traits.agent, Math.floor(at / DAY), familiarity.agent === 0);
  const taught = profile ?? new Profile();
  const climb = climbOf(familiarity, traits, taught);
  if (profile !== undefined) learnHabits(climb, profile, at, population.habits);
  population.habits.learnHour(hourOf(at));
  taught.learn(attempt, traits, climb, policy);
  profiles.changed(attempt.subjectKey, taught);
}

function laneOf(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): Lane {
  if (attempt.occurredAt > memory.newestAt) memory.newestAt = attempt.occurredAt;
  return attempt.occurredAt < memory.newestAt - policy.replayAfterMs ? memory.replay : memory.live;
}

const strangerFailed = (event: AttemptEvent): boolean => (event.flags & (FAILED | STRANGER)) === (FAILED | STRANGER);

/** The windows around an attempt before it is put into them. Wide ones only hold failures of strangers. */
function trailsOf(attempt: EnrichedAttempt, familiarity: Familiarity, event: AttemptEvent, lane: Lane): Trails {
  const wide = strangerFailed(event);
  const { asn } = attempt.network;
  return {
    person: familiarity.unknownSubject
      ? lane.names.get(boundedName(attempt.subjectKey))
      : lane.persons.get(attempt.subjectKey),
    address: lane.addresses.get(attempt.addressKey),
    prefix: lane.prefixes.get(attempt.prefixKey),
    network: wide && asn !== null ? lane.networks.get(asn) : undefined,
    client: wide && attempt.userAgent !== null ? lane.clients.get(event.clientHash) : undefined,
    application: wide ? lane.applications.get(attempt.applicationId) : undefined,
  };
}

function networkUnderSpray(attempt: EnrichedAttempt, event: AttemptEvent, lane: Lane, policy: Policy) {
  const { asn } = attempt.network;
  if (asn === null || lane.ledger.find(sprayOverNetwork, asn, attempt.occurredAt) === undefined) return null;
  return tallySource(lane.networks.get(asn), event, 0, policy.campaigns.spray.slow.windowMs);
}

function insert(facts: Facts, trails: Trails, lane: Lane): Trails {
  const { attempt, event, familiarity } = facts;
  const { asn } = attempt.network;
  const wide = strangerFailed(event);
  return {
    person: familiarity.unknownSubject
      ? lane.names.insert(boundedName(attempt.subjectKey), event, trails.person)
      : lane.persons.insert(attempt.subjectKey, event, trails.person),
    address: lane.addresses.insert(attempt.addressKey, event, trails.address),
    prefix: lane.prefixes.insert(attempt.prefixKey, event, trails.prefix),
    network: wide && asn !== null ? lane.networks.insert(asn, event, trails.network) : trails.network,
    client:
      wide && attempt.userAgent !== null ? lane.clients.insert(event.clientHash, event, trails.client) : trails.client,
    application: wide ? lane.applications.insert(attempt.applicationId, event, trails.application) : trails.application,
  };
}
