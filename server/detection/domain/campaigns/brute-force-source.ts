import { above, higher, type Campaign } from '../campaign.js';
import { atHome } from '../familiarity.js';
import { levelOf } from '../levels.js';
import { brokeIn, isFailure, type CampaignKind, type Case } from './kind.js';

/** One address fails again and again, whoever it tries to be. */
export const bruteForceSource: CampaignKind = {
  kind: 'brute-force-source',
  scope: 'address',
  quietMs: (policy) => policy.campaigns.bruteForceSource.quietMs,
  seedMs: (policy) => policy.campaigns.bruteForceSource.windowMs,
  key: (facts) => facts.attempt.addressKey,
  subject: (facts) => facts.attempt.addressKey,
  seeds: isFailure,
  opens({ facts, sight, policy }) {
    return isFailure(facts.event) && sight.address.failures + 1 >= policy.campaigns.bruteForceSource.failures;
  },
  belongs(c, campaign) {
    return isFailure(c.facts.event) || brokeIn(c, campaign) || ownersSuccess(c, campaign);
  },
  severity(campaign, c) {
    const many = campaign.failures >= c.policy.campaigns.bruteForceSource.manyFailures;
    const plain = looksForgotten(campaign, c) ? 'low' : 'medium';
    const level = many ? above(plain) : plain;
    if (campaign.gotIn === 0) return level;
    return higher(above(level), levelOf(campaign.highestScore ?? 0, c.policy));
  },
};

/**
 * One known person, typing like a person, either at a place that is theirs or at one that can't be told from theirs:
 * most likely a forgotten password.
 */
function looksForgotten(campaign: Campaign, { facts, policy }: Case): boolean {
  const { forgottenFailures, typingMs } = policy.campaigns.bruteForceSource;
  const { familiarity, attempt } = facts;
  // A mistyped name or two may be among them.
  const typos = campaign.unknownTries > 0 && campaign.unknownTries <= TYPOS ? 1 : 0;
  if (campaign.subjects.distinct > 1 + typos || familiarity.unknownSubject) return false;
  if (campaign.strangers <= campaign.unknownTries) return true;
  const pace = (campaign.lastAt - campaign.startedAt) / Math.max(1, campaign.failures - 1);
  if (campaign.failures > forgottenFailures || pace < typingMs) return false;
  if (attempt.client.device === 'bot' || policy.score.networkKind[attempt.network.kind] !== undefined) return false;
  return familiarity.signIns === 0 || (campaign.fromNewCountry === 0 && familiarity.client > 0);
}

const TYPOS = 2;

/** The owner remembered the password: it ends the story and belongs to it. */
function ownersSuccess({ facts }: Case, campaign: Campaign): boolean {
  const { attempt, familiarity, event } = facts;
  return attempt.outcome === 'success' && atHome(familiarity) && campaign.subjects.has(event.subjectHash);
}
