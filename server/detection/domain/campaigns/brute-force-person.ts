import type { RiskLevel } from '../../../contracts/detection.js';
import { higher, type Campaign } from '../campaign.js';
import { UNKNOWN_SUBJECT } from '../events.js';
import { subjectOf } from '../enriched-attempt.js';
import { looksRetried } from '../failures.js';
import { levelOf } from '../levels.js';
import { failuresFromUnfamiliarPlace } from './failures-from-unfamiliar-place.js';
import { brokeIn, isStrangersFailure, type CampaignKind, type Case } from './kind.js';

/** One person is tried from many neighbourhoods, or patiently over hours, from places that are not theirs. */
export const bruteForcePerson: CampaignKind = {
  kind: 'brute-force-person',
  scope: 'person',
  grownFrom: failuresFromUnfamiliarPlace,
  quietMs: (policy) => policy.campaigns.bruteForcePerson.quietMs,
  seedMs: (policy) => policy.campaigns.bruteForcePerson.slow.windowMs,
  key: (facts) => facts.attempt.subjectKey,
  subject: (facts) => subjectOf(facts.attempt),
  seeds: isStrangersFailure,
  opens({ facts, sight, policy }) {
    if (!isStrangersFailure(facts.event)) return false;
    const { distributed, slow } = policy.campaigns.bruteForcePerson;
    const { person } = sight;
    const spread = person.distributed + 1 >= distributed.failures && person.distributedPrefixes >= distributed.prefixes;
    if (spread) return true;
    if (person.slow + 1 < slow.failures) return false;
    return !looksRetried(sight.failures('person', slow.windowMs), facts, policy);
  },
  belongs: (c, campaign) => isStrangersFailure(c.facts.event) || brokeIn(c, campaign),
  severity(campaign, c) {
    // It takes the place of the milder alert, which would have said no less.
    const own = ownSeverity(campaign, c);
    return c.facts.familiarity.signIns > 0 ? higher(own, failuresFromUnfamiliarPlace.severity(campaign, c)) : own;
  },
};

function ownSeverity(campaign: Campaign, { facts, policy }: Case): RiskLevel {
  if (campaign.gotIn > 0) return higher('high', levelOf(campaign.highestScore ?? 0, policy));
  // Nobody can be hurt through a name that nobody has.
  if (facts.event.flags & UNKNOWN_SUBJECT) return 'low';
  // One steady source and nobody to compare it with may as well be a mail client with an old password.
  const telling = campaign.addresses.distinct > 1 || facts.familiarity.signIns > 0;
  return telling && campaign.failures >= policy.campaigns.bruteForcePerson.manyFailures ? 'high' : 'medium';
}
