import { above, higher, type Campaign } from '../campaign.js';
import { atHome } from '../familiarity.js';
import { looksHonest } from '../failures.js';
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
    if (!isFailure(facts.event)) return false;
    const { bruteForceSource: limits } = policy.campaigns;
    if (sight.address.failures + 1 < limits.failures) return false;
    return !looksHonest(sight.failures('address', limits.honestWindowMs), facts, policy);
  },
  belongs(c, campaign) {
    return isFailure(c.facts.event) || brokeIn(c, campaign) || ownersSuccess(c, campaign);
  },
  severity(campaign, { policy }) {
    const level = campaign.failures >= policy.campaigns.bruteForceSource.manyFailures ? 'high' : 'medium';
    // The failures before it make a sign-in worse than its score alone says.
    return campaign.gotIn === 0 ? level : higher(above(level), above(levelOf(campaign.highestScore ?? 0, policy)));
  },
};

/** The owner remembered the password: it ends the story and belongs to it. */
function ownersSuccess({ facts }: Case, campaign: Campaign): boolean {
  const { attempt, familiarity, event } = facts;
  return attempt.outcome === 'success' && atHome(familiarity) && campaign.subjects.has(event.subjectHash);
}
