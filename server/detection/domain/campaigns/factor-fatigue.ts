import { PROMPTED, REFUSED, type AttemptEvent } from '../events.js';
import { subjectOf } from '../enriched-attempt.js';
import { strangeSuccess, type CampaignKind } from './kind.js';

const asked = (event: AttemptEvent): boolean => (event.flags & (REFUSED | PROMPTED)) !== 0;

/** Whoever has the password asks for approval again and again, hoping for a tired tap. */
export const factorFatigue: CampaignKind = {
  kind: 'factor-fatigue',
  scope: 'person',
  quietMs: (policy) => policy.campaigns.fatigue.quietMs,
  seedMs: (policy) => policy.campaigns.fatigue.slowWindowMs,
  key: (facts) => facts.attempt.subjectKey,
  subject: (facts) => subjectOf(facts.attempt),
  seeds: asked,
  opens({ facts, sight, policy }) {
    if (!asked(facts.event)) return false;
    const { refusals, slowRefusals } = policy.campaigns.fatigue;
    return sight.person.refusals + 1 >= refusals || sight.person.slowRefusals + 1 >= slowRefusals;
  },
  belongs(c, campaign) {
    if (asked(c.facts.event)) return true;
    // An approval from where the prompts came from, or from another strange place; not the owner at the own desk.
    const { attempt, event } = c.facts;
    return attempt.outcome === 'success' && (campaign.addresses.has(event.addressHash) || strangeSuccess(c));
  },
  // The password is known to somebody else, so even without an approval it is more than a nuisance.
  severity: (campaign) => (campaign.successes > 0 ? 'critical' : 'high'),
};
