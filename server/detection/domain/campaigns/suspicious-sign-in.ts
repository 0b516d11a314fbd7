import { levelOf } from '../levels.js';
import { subjectOf } from '../enriched-attempt.js';
import type { CampaignKind, Case } from './kind.js';

const suspicious = ({ facts, risk, policy }: Case): boolean =>
  facts.attempt.outcome === 'success' && risk.score >= policy.levels.high;

/** A sign-in that is probably not the owner's. Several within the quiet time are one alert. */
export const suspiciousSignIn: CampaignKind = {
  kind: 'suspicious-sign-in',
  scope: 'person',
  quietMs: (policy) => policy.campaigns.suspiciousSignIn.quietMs,
  seedMs: () => 0,
  key: (facts) => (facts.attempt.outcome === 'success' ? facts.attempt.subjectKey : null),
  subject: (facts) => subjectOf(facts.attempt),
  seeds: () => false,
  opens: suspicious,
  belongs: suspicious,
  severity: (campaign, { policy }) => levelOf(campaign.highestScore ?? 0, policy),
};
