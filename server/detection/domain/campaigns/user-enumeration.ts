import type { RiskLevel } from '../../../contracts/detection.js';
import type { Campaign } from '../campaign.js';
import { UNKNOWN_SUBJECT } from '../events.js';
import { isStrangersFailure, type CampaignKind, type Case } from './kind.js';
import { unknownShare } from './names.js';

/** Somebody tries names that nobody has, to learn which ones exist. */
export const userEnumeration: CampaignKind = {
  kind: 'user-enumeration',
  scope: 'prefix',
  quietMs: (policy) => policy.campaigns.spray.quietMs,
  seedMs: (policy) => policy.campaigns.spray.windowMs,
  key: (facts) => facts.attempt.prefixKey,
  subject: (facts) => (facts.prefix.addresses <= 1 ? facts.attempt.addressKey : facts.attempt.prefixKey),
  seeds: isStrangersFailure,
  opens(c) {
    if (!isStrangersFailure(c.facts.event) || !(c.facts.event.flags & UNKNOWN_SUBJECT)) return false;
    const { prefix } = c.sight;
    return prefix.others + 1 >= c.policy.campaigns.spray.strangers && guessed(c);
  },
  belongs: (c) => isStrangersFailure(c.facts.event),
  severity: (campaign: Campaign, { policy }: Case): RiskLevel =>
    campaign.subjects.distinct >= policy.campaigns.spray.many ? 'medium' : 'low',
};

const guessed = (c: Case): boolean => unknownShare(c, c.sight.prefix) > c.policy.campaigns.stuffing.guessedShare;
