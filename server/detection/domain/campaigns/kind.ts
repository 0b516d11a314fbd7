import type { AlertKind } from '../../../contracts/alerts.js';
import type { Risk, RiskLevel } from '../../../contracts/detection.js';
import type { Campaign } from '../campaign.js';
import * as flag from '../events.js';
import type { AttemptEvent } from '../events.js';
import { atHome } from '../familiarity.js';
import type { Facts } from '../facts.js';
import type { Ledger } from '../ledger.js';
import type { Policy } from '../policy.js';
import type { Scope, Sight } from '../sight.js';

/** One judged attempt as campaigns see it. */
export interface Case {
  facts: Facts;
  risk: Risk;
  sight: Sight;
  ledger: Ledger;
  policy: Policy;
}

export type CampaignKey = string | number;

/** One way to attack. A kind that is looked for in several scopes (a spray from a neighbourhood, or over a network) is
 * several of these. */
export interface CampaignKind {
  kind: AlertKind;
  scope: Scope;
  quietMs(policy: Policy): number;
  /** How far back the events lie that join when it opens; 0 = the attempt alone. At most the quiet time. */
  seedMs(policy: Policy): number;
  /** Whom or what it is about; null when the attempt can't be part of one. */
  key(facts: Facts): CampaignKey | null;
  subject(facts: Facts): string;
  /** A milder kind of the same scope and key. One that is held becomes this one instead of a second alert beside it. */
  grownFrom?: CampaignKind;
  /** True when the thresholds are reached with this attempt. */
  opens(c: Case): boolean;
  /** Which earlier events belong to it. */
  seeds(event: AttemptEvent): boolean;
  /** Whether this attempt belongs to one that is held. */
  belongs(c: Case, campaign: Campaign): boolean;
  severity(campaign: Campaign, c: Case): RiskLevel;
}

export const isFailure = (event: AttemptEvent): boolean => (event.flags & flag.FAILED) !== 0;

export const isStrangersFailure = (event: AttemptEvent): boolean =>
  (event.flags & (flag.FAILED | flag.STRANGER)) === (flag.FAILED | flag.STRANGER);

/** A sign-in that isn't plainly the owner's: it can mean that an attacker is in. */
export function strangeSuccess(c: Case): boolean {
  return c.facts.attempt.outcome === 'success' && !atHome(c.facts.familiarity);
}

/** Whether a strange sign-in belongs to a campaign: that name was tried in it before, or the score says so as well. */
export function brokeIn(c: Case, campaign: Campaign): boolean {
  if (!strangeSuccess(c)) return false;
  return campaign.subjects.has(c.facts.event.subjectHash) || c.risk.score >= c.policy.levels.medium;
}
