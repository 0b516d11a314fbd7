import { levelOf } from '../levels.js';
import { subjectOf } from '../enriched-attempt.js';
import type { CampaignKind, Case } from './kind.js';

const suspicious = ({ facts, risk, policy }: Case): boolean =>
  facts.attempt.outcome === 'success' && risk.score >= policy.levels.high;

/**
 * A sign-in that is probably not the owner's. Nothing is learnt from it for a while, so the same client in the same neighbourhood
 * goes on being suspicious, which is one alert; from elsewhere, or by another client, it is news.
 */
export const suspiciousSignIn: CampaignKind = {
  kind: 'suspicious-sign-in',
  scope: 'person',
  quietMs: (policy) => policy.campaigns.suspiciousSignIn.quietMs,
  seedMs: () => 0,
  key: ({ attempt }) =>
    attempt.outcome === 'success' ? `${attempt.subjectKey} ${attempt.prefixKey} ${attempt.clientKey}` : null,
  subject: (facts) => subjectOf(facts.attempt),
  seeds: () => false,
  opens: suspicious,
  belongs: suspicious,
  severity: (campaign, { policy }) => levelOf(campaign.highestScore ?? 0, policy),
};
