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
  severity(campaign, { policy }) {
    const many = campaign.failures >= policy.campaigns.bruteForceSource.manyFailures;
    // One person at a place that is theirs: most likely a forgotten password.
    const forgotten = campaign.subjects.distinct === 1 && campaign.strangers === 0;
    const tried = above(forgotten ? 'low' : 'medium');
    const level = many ? tried : forgotten ? 'low' : 'medium';
    if (campaign.gotIn === 0) return level;
    return higher(above(level), levelOf(campaign.highestScore ?? 0, policy));
  },
};

/** The owner remembered the password: it ends the story and belongs to it. */
function ownersSuccess({ facts }: Case, campaign: Campaign): boolean {
  const { attempt, familiarity, event } = facts;
  return attempt.outcome === 'success' && atHome(familiarity) && campaign.subjects.has(event.subjectHash);
}
