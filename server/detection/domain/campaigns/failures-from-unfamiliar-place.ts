import { above, higher } from '../campaign.js';
import { NEW_COUNTRY, UNKNOWN_SUBJECT, WITHOUT_HISTORY } from '../events.js';
import { subjectOf } from '../enriched-attempt.js';
import { looksAway } from '../failures.js';
import { levelOf } from '../levels.js';
import { brokeIn, isStrangersFailure, type CampaignKind } from './kind.js';

/** Somebody keeps failing as a person from networks or countries that the person never used. */
export const failuresFromUnfamiliarPlace: CampaignKind = {
  kind: 'failures-from-unfamiliar-place',
  scope: 'person',
  quietMs: (policy) => policy.campaigns.unfamiliarPlace.quietMs,
  seedMs: (policy) => policy.campaigns.unfamiliarPlace.windowMs,
  // Without history no place is unfamiliar.
  key: (facts) => (facts.familiarity.signIns > 0 ? facts.attempt.subjectKey : null),
  subject: (facts) => subjectOf(facts.attempt),
  seeds: (event) => isStrangersFailure(event) && !(event.flags & (UNKNOWN_SUBJECT | WITHOUT_HISTORY)),
  opens({ facts, sight, policy }) {
    if (!isStrangersFailure(facts.event)) return false;
    const { failures, failuresNewCountry } = policy.campaigns.unfamiliarPlace;
    const { unfamiliar, unfamiliarNewCountry } = sight.person;
    const abroad = facts.event.flags & NEW_COUNTRY ? 1 : 0;
    if (unfamiliar + 1 < failures && unfamiliarNewCountry + abroad < failuresNewCountry) return false;
    return !looksAway(sight.failures('person', policy.campaigns.unfamiliarPlace.windowMs), facts, policy);
  },
  belongs: (c, campaign) => isStrangersFailure(c.facts.event) || brokeIn(c, campaign),
  severity(campaign, { policy }) {
    const level = campaign.failures >= policy.campaigns.unfamiliarPlace.manyFailures ? 'high' : 'medium';
    return campaign.gotIn === 0 ? level : higher(above(level), levelOf(campaign.highestScore ?? 0, policy));
  },
};
