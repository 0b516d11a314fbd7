import type { SimulatedAttempt } from './attempts.js';
import { bruteForce } from './drills/brute-force.js';
import { campaignOf, type Campaign } from './drills/campaign.js';
import { fatigue } from './drills/fatigue.js';
import { spray } from './drills/spray.js';
import { stuffing } from './drills/stuffing.js';
import { travel } from './drills/travel.js';
import type { Company } from './people.js';

/** The attacks that can be rehearsed, in the order in which they take turns. */
export const drillKinds = ['spray', 'fatigue', 'brute-force', 'travel', 'stuffing'] as const;
export type DrillKind = (typeof drillKinds)[number];

const makers: Record<DrillKind, (campaign: Campaign) => Generator<SimulatedAttempt>> = {
  'brute-force': bruteForce,
  spray,
  stuffing,
  travel,
  fatigue,
};

export const isDrillKind = (value: string): value is DrillKind => (drillKinds as readonly string[]).includes(value);

/** An attack on the company in time order, beginning at an instant and over within three minutes. */
export const makeDrill = (kind: DrillKind, company: Company, startsAt: number): Generator<SimulatedAttempt> =>
  makers[kind](campaignOf(kind, company, startsAt));
