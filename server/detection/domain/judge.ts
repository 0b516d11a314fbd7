import type { Risk } from '../../contracts/detection.js';
import { examine, type Finding, type Trails } from './campaigns.js';
import type { Sight } from './campaigns/kind.js';
import type { EnrichedAttempt } from './enriched-attempt.js';
import { eventOf, FAILED, STRANGER, type AttemptEvent } from './events.js';
import type { Facts } from './facts.js';
import { familiarityOf, type Familiarity } from './familiarity.js';
import type { DetectionMemory, Lane } from './memory.js';
import { sprayOverNetwork } from './campaigns/spray.js';
import type { Policy } from './policy.js';
import { Profile } from './profile.js';
import { scoreOf } from './score.js';
import { tallyAddress, tallyPerson, tallySource, tallyWide, type SourceTally } from './tallies.js';
import { boundedName } from './text.js';
import type { Trail } from './windows.js';

/** What is known about one attempt once it is judged. */
export interface Judgement {
  risk: Risk;
  findings: Finding[];
}

/**
 * Judges one attempt by what was known before it, then learns from it. The only inputs are the attempt, the memory and
 * the policy: the same attempts in the same order give the same judgements.
 */
export function judge(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): Judgement {
  const judgement = recall(attempt, memory, policy);
  if (attempt.outcome === 'success' && judgement.risk.score < policy.profile.learnBelow) {
    learnSignIn(attempt, memory, policy);
  }
  return judgement;
}

/**
 * Judges without teaching the profile: for rebuilding windows and campaigns from stored attempts after a restart, when
 * the stored profiles already know them.
 */
export function recall(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): Judgement {
  const lane = laneOf(attempt, memory, policy);
  const profile = memory.profiles.get(attempt.subjectKey);
  const familiarity = familiarityOf(attempt, profile, policy.profile);
  const event = eventOf(attempt, familiarity);
  const trails = trailsOf(attempt, familiarity, event, lane);
  const { person, address, prefix } = trails;
  const facts: Facts = {
    attempt,
    event,
    profile,
    familiarity,
    person: tallyPerson(person, event, 0, policy),
    address: tallyAddress(address, event, 0, policy),
    prefix: tallySource(prefix, event, 0, policy.campaigns.spray.windowMs),
    networkUnderSpray: networkUnderSpray(attempt, event, lane, policy),
    population: memory.population,
  };
  const risk = scoreOf(facts, policy);
  const sight = sightOf(facts, trails, policy);
  const held = insert(facts, trails, lane);
  return { risk, findings: examine({ facts, risk, sight, ledger: lane.ledger, policy }, held) };
}

/** Teaches the profile a sign-in: one that scored low enough, or one that somebody confirmed to be the owner's. */
export function learnSignIn(attempt: EnrichedAttempt, memory: DetectionMemory, policy: Policy): void {
  const { profiles, population } = memory;
  const known = profiles.get(attempt.subjectKey);
  const profile = known ?? new Profile();
  const familiarity = familiarityOf(attempt, known, policy.profile);
  const { network, place } = attempt;
  if (known === undefined) population.addPerson();
  if (network.asn !== null && familiarity.network === 0) population.addNetwork(network.asn);
  if (place !== null && familiarity.country === 0) population.addCountry(place.country);
  profile.learn(attempt, policy);
  profiles.changed(attempt.subjectKey, profile);
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

/** What campaigns see: the facts, or where attempts arrived out of order, the windows with later events as well. */
function sightOf(facts: Facts, trails: Trails, policy: Policy): Sight {
  const { event } = facts;
  const slack = policy.latenessMs;
  const late = (trail: Trail | undefined): boolean => trail !== undefined && trail.newest > event.at;
  const { spray, stuffing } = policy.campaigns;
  const wide = (trail: Trail | undefined, windowMs: number): SourceTally | null =>
    trail === undefined || !strangerFailed(event) ? null : tallyWide(trail, event, slack, windowMs);
  return {
    person: late(trails.person) ? tallyPerson(trails.person, event, slack, policy) : facts.person,
    address: late(trails.address) ? tallyAddress(trails.address, event, slack, policy) : facts.address,
    prefix: late(trails.prefix) ? tallySource(trails.prefix, event, slack, spray.windowMs) : facts.prefix,
    network: wide(trails.network, spray.slow.windowMs),
    client: wide(trails.client, spray.slow.windowMs),
    application: wide(trails.application, stuffing.everywhere.windowMs),
  };
}

function insert(facts: Facts, trails: Trails, lane: Lane): Trails {
  const { attempt, event, familiarity } = facts;
  const { asn } = attempt.network;
  const wide = strangerFailed(event);
  return {
    person: familiarity.unknownSubject
      ? lane.names.insert(boundedName(attempt.subjectKey), event)
      : lane.persons.insert(attempt.subjectKey, event),
    address: lane.addresses.insert(attempt.addressKey, event),
    prefix: lane.prefixes.insert(attempt.prefixKey, event),
    network: wide && asn !== null ? lane.networks.insert(asn, event) : trails.network,
    client: wide && attempt.userAgent !== null ? lane.clients.insert(event.clientHash, event) : trails.client,
    application: wide ? lane.applications.insert(attempt.applicationId, event) : trails.application,
  };
}
