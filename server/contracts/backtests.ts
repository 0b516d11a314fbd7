import { z } from 'zod';
import { alertKind } from './alerts.js';
import { riskLevel } from './detection.js';
import { detectionSettings } from './detection-policy.js';
import { instant } from './paging.js';

export const BACKTEST_DAYS_MAX = 30;
/** Alerts shown of those gained, and of those lost. The counts are exact beyond it. */
export const EXAMPLES_MAX = 50;
/** Backtests kept; older ones go when a new one is asked for. */
export const BACKTESTS_KEPT = 20;

/** What would become of the last days under other settings. */
export const backtestRequest = z.strictObject({
  settings: detectionSettings,
  days: z.number().int().min(1).max(BACKTEST_DAYS_MAX),
});
export type BacktestRequest = z.infer<typeof backtestRequest>;

export const backtestAlert = z.object({
  kind: alertKind,
  severity: riskLevel,
  /** A person's id or name, a subject, an address, a neighbourhood, a network, a client, or an application's id. */
  subject: z.string(),
  personId: z.string().nullable(),
  ip: z.string().nullable(),
  score: z.number().nullable(),
  attempts: z.number().int(),
  firstAt: instant,
  lastAt: instant,
});
export type BacktestAlert = z.infer<typeof backtestAlert>;

/** Alerts that only one of both policies raises. */
export const alertDifference = z.object({
  total: z.number().int(),
  /** Most first. */
  byKind: z.array(z.object({ kind: alertKind, count: z.number().int() })),
  /** Newest first. */
  examples: z.array(backtestAlert).max(EXAMPLES_MAX),
});
export type AlertDifference = z.infer<typeof alertDifference>;

/** What one policy makes of the attempts. */
export const backtestSide = z.object({
  alerts: z.number().int(),
  alertsPer10k: z.number(),
  /** Sign-ins that would have been asked for a second factor, and their share of all sign-ins. */
  challenged: z.number().int(),
  challengedShare: z.number(),
});
export type BacktestSide = z.infer<typeof backtestSide>;

export const backtestResult = z.object({
  from: instant,
  to: instant,
  attempts: z.number().int(),
  signIns: z.number().int(),
  /** Attempts from before, which only taught both sides. */
  warmUp: z.number().int(),
  before: backtestSide,
  after: backtestSide,
  /** Alerts that both raise. */
  kept: z.number().int(),
  gained: alertDifference,
  lost: alertDifference,
});
export type BacktestResult = z.infer<typeof backtestResult>;

export const backtestState = z.enum(['waiting', 'running', 'done', 'cancelled', 'failed']);

export const backtestView = z.object({
  id: z.uuid(),
  author: z.string(),
  createdAt: instant,
  days: z.number().int(),
  /** The version that the settings are compared with. */
  baseVersion: z.number().int(),
  settings: detectionSettings,
  state: backtestState,
  /** Attempts gone through so far, and how many there are; null before it has begun. */
  replayed: z.number().int(),
  total: z.number().int().nullable(),
  finishedAt: instant.nullable(),
  /** Why it failed, in a sentence. */
  failure: z.string().nullable(),
  result: backtestResult.nullable(),
});
export type BacktestView = z.infer<typeof backtestView>;
