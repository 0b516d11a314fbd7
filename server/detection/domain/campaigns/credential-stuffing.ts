import { higher, type Campaign } from '../campaign.js';
import type { RiskLevel } from '../../../contracts/detection.js';
import { UNKNOWN_SUBJECT } from '../events.js';
import { levelOf } from '../levels.js';
import { brokeIn, isStrangersFailure, strangeSuccess, type CampaignKind, type Case } from './kind.js';
import { mixedNames } from './names.js';
import { spray } from './spray.js';

/** A leaked list of names and passwords is tried, one try each, from one neighbourhood. */
export const credentialStuffing: CampaignKind = {
  kind: 'credential-stuffing',
  scope: 'prefix',
  quietMs: (policy) => policy.campaigns.stuffing.quietMs,
  seedMs: (policy) => policy.campaigns.stuffing.windowMs,
  key: (facts) => facts.attempt.prefixKey,
  subject: (facts) => (facts.prefix.addresses <= 1 ? facts.attempt.addressKey : facts.attempt.prefixKey),
  seeds: isStrangersFailure,
  opens(c) {
    if (!isStrangersFailure(c.facts.event) || seenWider(c)) return false;
    const { stuffing } = c.policy.campaigns;
    return c.sight.prefix.others + 1 >= stuffing.persons && mixedNames(c, c.sight.prefix, stuffing);
  },
  belongs: (c, campaign) => isStrangersFailure(c.facts.event) || brokeIn(c, campaign),
  severity,
};

/** The same through many proxies: only the surge of strangers and unknown names in an application gives it away. */
export const credentialStuffingEverywhere: CampaignKind = {
  kind: 'credential-stuffing',
  scope: 'application',
  quietMs: (policy) => policy.campaigns.stuffing.quietMs,
  seedMs: (policy) => policy.campaigns.stuffing.everywhere.windowMs,
  key: (facts) => facts.attempt.applicationId,
  subject: (facts) => facts.attempt.applicationId,
  seeds: isStrangersFailure,
  opens(c) {
    if (!isStrangersFailure(c.facts.event) || seenNearer(c)) return false;
    const { stuffing } = c.policy.campaigns;
    const { windowMs, strangers, logTail, prefixes } = stuffing.everywhere;
    if (c.facts.population.people < stuffing.leastPeople) return false;
    const tally = c.sight.surge('application', windowMs, strangers, logTail);
    if (tally === null || tally.others + 1 < strangers || tally.prefixes < prefixes) return false;
    return mixedNames(c, tally, stuffing);
  },
  belongs(c, campaign) {
    const { event } = c.facts;
    const likeThem = campaign.clients.has(event.clientHash);
    if (isStrangersFailure(event)) return likeThem || (event.flags & UNKNOWN_SUBJECT) !== 0;
    return likeThem && strangeSuccess(c) && c.risk.score >= c.policy.levels.medium;
  },
  severity,
};

/** The same tries are already an alert for their neighbourhood. */
function seenNearer({ ledger, facts }: Case): boolean {
  const { prefixKey, occurredAt } = facts.attempt;
  return (
    ledger.find(credentialStuffing, prefixKey, occurredAt) !== undefined ||
    ledger.find(spray, prefixKey, occurredAt) !== undefined
  );
}

/** The same tries are already an alert for the application: each neighbourhood that the same client uses is a part of that one. */
function seenWider({ ledger, facts }: Case): boolean {
  const { applicationId, occurredAt } = facts.attempt;
  const wide = ledger.find(credentialStuffingEverywhere, applicationId, occurredAt);
  return wide !== undefined && wide.clients.has(facts.event.clientHash);
}

/** Some of a leaked list always works, so it is high from the start. */
function severity(campaign: Campaign, { policy }: Case): RiskLevel {
  return campaign.gotIn > 0 ? higher('critical', levelOf(campaign.highestScore ?? 0, policy)) : 'high';
}
