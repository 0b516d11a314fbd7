import type { AlertEvidence, AlertKind } from '../../contracts/alerts.js';
import type { RiskLevel } from '../../contracts/detection.js';
import type { Campaign } from './campaign.js';
import { bruteForcePerson } from './campaigns/brute-force-person.js';
import { bruteForceSource } from './campaigns/brute-force-source.js';
import { credentialStuffing, credentialStuffingEverywhere } from './campaigns/credential-stuffing.js';
import { factorFatigue } from './campaigns/factor-fatigue.js';
import { failuresFromUnfamiliarPlace } from './campaigns/failures-from-unfamiliar-place.js';
import type { CampaignKey, CampaignKind, Case } from './campaigns/kind.js';
import { spray, sprayOverClient, sprayOverNetwork } from './campaigns/spray.js';
import { suspiciousSignIn } from './campaigns/suspicious-sign-in.js';
import { userEnumeration } from './campaigns/user-enumeration.js';
import { type AttemptEvent, FAILED, GOT_IN } from './events.js';
import type { Trails } from './sight.js';
import { NOTHING } from './traits.js';
import type { Trail } from './windows.js';

/** Something people should see. The first one opens an alert, later ones with the same key carry the grown evidence. */
export interface Finding {
  kind: AlertKind;
  /** Never falls within one campaign. */
  severity: RiskLevel;
  /** Same cause within the quiet time of its kind, same key; found again after a restart. At most 200 characters. */
  dedupKey: string;
  /** A person's id, a subject without its application, an address, a neighbourhood, `AS` and a number, a client, or an
   * application's id. */
  subject: string;
  personId: string | null;
  /** The busiest address; of equally busy ones the first. */
  ip: string | null;
  applicationId: string;
  attemptId: string;
  /** Of the earliest attempt that belongs to it. */
  firstAt: number;
  at: number;
  /** Cumulative and exact while the campaign is held. */
  evidence: AlertEvidence;
  /** The highest score among the sign-ins that belong to it; null while nobody got in. */
  score: number | null;
  /** True for the finding that opened the campaign. */
  opened: boolean;
  /** Keys of other campaigns that count one of the attempts which this finding brings: they belong to the same incident. */
  joins: readonly string[];
  /** Attempts that no campaign had counted before, so that those of an incident are counted once. */
  counted: readonly CountedAttempt[];
}

/** One try, as incidents add it up. */
export interface CountedAttempt {
  at: number;
  failed: boolean;
  /** A sign-in that isn't plainly the owner's. */
  gotIn: boolean;
  /** A person's id, or a name that nobody has. */
  subject: string;
  ip: string;
  asn: number | null;
  organisation: string | null;
  country: string | null;
}

/** All ways to attack that are looked for; the order is that of the findings of one attempt. */
export const campaignKinds: readonly CampaignKind[] = [
  bruteForceSource,
  bruteForcePerson,
  failuresFromUnfamiliarPlace,
  factorFatigue,
  credentialStuffing,
  credentialStuffingEverywhere,
  userEnumeration,
  spray,
  sprayOverNetwork,
  sprayOverClient,
  suspiciousSignIn,
];

/** By the milder kind. */
const grownInto = new Map(campaignKinds.flatMap((kind) => (kind.grownFrom ? [[kind.grownFrom, kind] as const] : [])));

/** What an attempt from an allowed source may belong to: only what the person's own side says. */
const personalKinds: readonly CampaignKind[] = [factorFatigue, suspiciousSignIn];

/** Findings of one judged attempt, whose own event is already in the windows: campaigns that it opens, and campaigns that it belongs to. */
export function examine(c: Case, trails: Trails): Finding[] {
  const findings: Finding[] = [];
  const { attempt, allowance } = c.facts;
  const { notWatched } = c.policy;
  for (const kind of allowance === null ? campaignKinds : personalKinds) {
    if (notWatched.has(kind.kind)) continue;
    const key = kind.key(c.facts);
    if (key === null) continue;
    const held = c.ledger.find(kind, key, attempt.occurredAt);
    if (held === undefined) {
      if (isGrown(c, kind, key) || !kind.opens(c)) continue;
      findings.push(open(c, kind, key, trails[kind.scope]));
    } else if (kind.belongs(c, held)) {
      findings.push(grow(c, kind, key, held, null));
    }
  }
  return findings;
}

/** What is the same, but more, is held: a milder alert beside it would say nothing new. */
function isGrown({ ledger, facts }: Case, kind: CampaignKind, key: CampaignKey): boolean {
  const more = grownInto.get(kind);
  return more !== undefined && ledger.find(more, key, facts.attempt.occurredAt) !== undefined;
}

function open(c: Case, kind: CampaignKind, key: CampaignKey, trail: Trail | undefined): Finding {
  const { grownFrom } = kind;
  const milder = grownFrom && c.ledger.find(grownFrom, key, c.facts.attempt.occurredAt);
  if (grownFrom && milder) {
    c.ledger.move(grownFrom, kind, key, milder);
    return grow(c, kind, key, milder, null);
  }
  const seeds = seedsOf(c, kind, trail);
  const finding = grow(c, kind, key, openWith(c, kind, key, seeds), seeds);
  if (kind.scope !== 'person') return finding;
  return { ...finding, joins: [...new Set([...finding.joins, ...suspicionsBefore(c, trail, finding.dedupKey)])] };
}

/** Alerts of suspicious sign-ins of the person shortly before: they and what is tried now are one story. */
function suspicionsBefore({ facts, policy }: Case, trail: Trail | undefined, own: string): string[] {
  const from = facts.event.at - policy.campaigns.suspiciousSignIn.joinedMs;
  return (trail?.events ?? []).flatMap(({ at, countedBy }) =>
    at >= from && countedBy?.startsWith('suspicious-sign-in:') && countedBy !== own ? countedBy : [],
  );
}

/** The earlier events that belong to a campaign that opens now. */
function seedsOf(c: Case, kind: CampaignKind, trail: Trail | undefined): AttemptEvent[] {
  const { event } = c.facts;
  const from = event.at - kind.seedMs(c.policy);
  const to = event.at + c.policy.latenessMs;
  return trail?.events.filter((e) => e !== event && e.at >= from && e.at <= to && kind.seeds(e)) ?? [];
}

function openWith(c: Case, kind: CampaignKind, key: CampaignKey, seeds: readonly AttemptEvent[]): Campaign {
  const { at } = c.facts.event;
  const campaign = c.ledger.open(kind, key, kind.subject(c.facts), Math.min(at, seeds[0]?.at ?? at));
  for (const earlier of seeds) campaign.add(earlier, null);
  return campaign;
}

/** @param seeds what it opened with; null where it was open before */
function grow(
  c: Case,
  kind: CampaignKind,
  key: CampaignKey,
  campaign: Campaign,
  seeds: readonly AttemptEvent[] | null,
): Finding {
  const { event, attempt } = c.facts;
  const before = seeds ? 0 : campaign.weight;
  campaign.add(event, event.flags & GOT_IN || kind === suspiciousSignIn ? c.risk.score : null);
  campaign.raiseTo(kind.severity(campaign, c));
  c.ledger.grown(kind, key, campaign, campaign.weight - before);
  return {
    kind: kind.kind,
    severity: campaign.severity,
    dedupKey: campaign.dedupKey,
    subject: campaign.subject,
    personId: kind.scope === 'person' ? attempt.personId : null,
    ip: campaign.addresses.busiest()[0]?.value ?? null,
    applicationId: attempt.applicationId,
    attemptId: attempt.id,
    firstAt: campaign.startedAt,
    at: attempt.occurredAt,
    evidence: campaign.evidence(),
    score: campaign.highestScore,
    opened: seeds !== null,
    ...count(campaign.dedupKey, seeds ? [...seeds, event] : [event]),
  };
}

/** Marks events as counted by a campaign. Those that another one counted before link the two. */
function count(dedupKey: string, events: readonly AttemptEvent[]): Pick<Finding, 'joins' | 'counted'> {
  const joins = new Set<string>();
  const counted: CountedAttempt[] = [];
  for (const event of events) {
    if (event.countedBy === null) {
      event.countedBy = dedupKey;
      counted.push(countedAttempt(event));
    } else if (event.countedBy !== dedupKey) joins.add(event.countedBy);
  }
  return { joins: [...joins], counted };
}

const countedAttempt = ({ at, flags, subject, ip, asn, organisation, country }: AttemptEvent): CountedAttempt => ({
  at,
  failed: (flags & FAILED) !== 0,
  gotIn: (flags & GOT_IN) !== 0,
  subject,
  ip,
  asn: asn === NOTHING ? null : asn,
  organisation,
  country,
});
