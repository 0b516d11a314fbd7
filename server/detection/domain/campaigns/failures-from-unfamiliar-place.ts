import { above, higher } from '../campaign.js';
import { NEW_COUNTRY, UNKNOWN_SUBJECT, WITHOUT_HISTORY } from '../events.js';
import { subjectOf } from '../enriched-attempt.js';
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
    return unfamiliar + 1 >= failures || unfamiliarNewCountry + abroad >= failuresNewCountry;
  },
  belongs: (c, campaign) => isStrangersFailure(c.facts.event) || brokeIn(c, campaign),
  severity(campaign, { facts, policy }) {
    const many = campaign.failures >= policy.campaigns.unfamiliarPlace.manyFailures;
    // Their own kind of device, one address, no new country: a hotel or a new contract before an attack.
    const plausible =
      campaign.fromNewCountry === 0 && campaign.addresses.distinct === 1 && facts.familiarity.client > 0;
    const level = many ? 'high' : plausible ? 'low' : 'medium';
    return campaign.gotIn === 0 ? level : higher(above(level), levelOf(campaign.highestScore ?? 0, policy));
  },
};
