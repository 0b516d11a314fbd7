import { higher, type Campaign } from '../campaign.js';
import type { RiskLevel } from '../../../contracts/detection.js';
import { levelOf } from '../levels.js';
import type { AttemptEvent } from '../events.js';
import type { SprayPolicy } from '../policy.js';
import { brokeIn, isStrangersFailure, strangeSuccess, type CampaignKind, type Case } from './kind.js';
import { unknownShare } from './names.js';

/** A few tries each on many people, from one neighbourhood: /24 or /48. */
export const spray: CampaignKind = {
  kind: 'spray',
  scope: 'prefix',
  quietMs: (policy) => policy.campaigns.spray.quietMs,
  seedMs: (policy) => policy.campaigns.spray.windowMs,
  key: (facts) => facts.attempt.prefixKey,
  subject: (facts) => (facts.prefix.addresses <= 1 ? facts.attempt.addressKey : facts.attempt.prefixKey),
  seeds: isStrangersFailure,
  opens(c) {
    if (!isStrangersFailure(c.facts.event)) return false;
    const { prefix } = c.sight;
    const strangers = prefix.others + 1;
    const { spray: limits, stuffing } = c.policy.campaigns;
    // A mix of real and unknown names is a leaked list: credential stuffing; only unknown ones are guesses.
    return strangers >= threshold(c, strangers, limits) && unknownShare(c, prefix) < stuffing.unknownShare;
  },
  belongs: (c, campaign) => isStrangersFailure(c.facts.event) || brokeIn(c, campaign),
  severity: severityOfSpray,
};

/** People with many different devices behind one address are an office or a carrier first. */
function threshold({ sight }: Case, strangers: number, limits: SprayPolicy): number {
  if (sight.prefix.regulars >= limits.sharedFrom) return limits.strangersSharedSource;
  return sight.prefix.clients <= Math.max(1, limits.fewClients * strangers)
    ? limits.strangers
    : limits.strangersManyClients;
}

function severityOfSpray(campaign: Campaign, { policy }: Case): RiskLevel {
  if (campaign.gotIn > 0) return 'critical';
  return campaign.subjects.distinct >= policy.campaigns.spray.many ? 'high' : 'medium';
}

/** Low and slow: nothing links the tries but a network, or a client, in which strangers fail more than ever. */
function slowSpray(
  scope: 'network' | 'client',
  key: CampaignKind['key'],
  subject: CampaignKind['subject'],
): CampaignKind {
  return {
    kind: 'spray',
    scope,
    quietMs: (policy) => policy.campaigns.spray.slow.quietMs,
    seedMs: (policy) => policy.campaigns.spray.slow.windowMs,
    key,
    subject,
    seeds: isStrangersFailure,
    opens: (c) => isStrangersFailure(c.facts.event) && !seenNearer(c, scope) && isSlowSpray(c, scope),
    belongs(c) {
      if (isStrangersFailure(c.facts.event)) return stillUnusual(c, scope);
      // A network has honest strangers too: only a sign-in that is suspicious by itself joins.
      return strangeSuccess(c) && c.risk.score >= c.policy.levels.medium;
    },
    severity: (campaign, c) =>
      campaign.gotIn > 0 ? higher('high', levelOf(campaign.highestScore ?? 0, c.policy)) : severityOfSpray(campaign, c),
  };
}

function isSlowSpray({ policy, facts, sight }: Case, scope: 'network' | 'client'): boolean {
  const { slow } = policy.campaigns.spray;
  if (facts.population.people < policy.campaigns.stuffing.leastPeople) return false;
  const tally = sight.surge(scope, slow.windowMs, slow.strangers, slow.logTail, alreadyTold);
  if (tally === null) return false;
  const persons = tally.others + 1;
  return (
    persons >= slow.strangers &&
    persons >= slow.personsPerTry * (tally.tries + 1) &&
    tally.addresses >= slow.addressesPerPerson * persons
  );
}

/** What is left of such an attack, with a few honest failures on the same network or client, is no other one. */
const alreadyTold = ({ countedBy }: AttemptEvent): boolean =>
  countedBy !== null && (countedBy.startsWith('credential-stuffing:') || countedBy.startsWith('spray:network:'));

/** Half as surprising is enough to go on; what lasts for weeks is how that network is, and the campaign falls quiet. */
function stillUnusual({ sight, policy }: Case, scope: 'network' | 'client'): boolean {
  const { slow } = policy.campaigns.spray;
  return sight.surge(scope, slow.windowMs, 1, slow.logTail / 2) !== null;
}

/** The same tries are already one alert for the neighbourhood, or for the network. */
function seenNearer({ ledger, facts }: Case, scope: 'network' | 'client'): boolean {
  const { attempt } = facts;
  if (ledger.find(spray, attempt.prefixKey, attempt.occurredAt) !== undefined) return true;
  const { asn } = attempt.network;
  return scope === 'client' && asn !== null && ledger.find(sprayOverNetwork, asn, attempt.occurredAt) !== undefined;
}

export const sprayOverNetwork = slowSpray(
  'network',
  (facts) => facts.attempt.network.asn,
  (facts) => `AS${facts.attempt.network.asn}`,
);

export const sprayOverClient = slowSpray(
  'client',
  (facts) => facts.attempt.userAgent,
  (facts) => facts.attempt.clientKey,
);
