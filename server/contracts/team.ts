import { z } from 'zod';
import { activityQuery, activityRow } from './activity.js';
import { riskLevel } from './detection.js';
import { instant, pageQuery } from './paging.js';
import { personDetail, personState } from './people.js';
import { sessionView } from './sessions.js';
import { warningAnswer, warningView } from './warnings.js';

/** How far back managers see the sign-ins of their people, in days. */
export const TEAM_DAYS = 30;
/** Days in which somebody is reminded of two-step sign-in at most once, by whomever. */
export const REMINDER_DAYS = 7;
/** How long addresses and places stay shown after a reason was given, in minutes. */
export const REVEAL_MINUTES = 15;

/** Somebody who reports to the reader, directly or through others. No address of the network and no place but the country. */
export const teamPerson = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  title: z.string().nullable(),
  state: personState,
  /** Whom they report to; null where that is the reader. */
  manager: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  twoStep: z.boolean(),
  /** The newest reminder of two-step sign-in. */
  remindedAt: instant.nullable(),
  lastSignIn: z.object({ at: instant, country: z.string().nullable() }).nullable(),
  openSessions: z.number().int(),
  /** The worst alert that somebody has to answer. */
  toAnswer: z.object({ alertId: z.uuid(), severity: riskLevel }).nullable(),
});
export type TeamPerson = z.infer<typeof teamPerson>;

/** Attempts of one of them. No search: it would find the addresses and places that are not shown. */
export const teamActivityQuery = activityQuery.omit({ search: true });
export type TeamActivityQuery = z.infer<typeof teamActivityQuery>;

export const teamQuery = pageQuery.extend({
  search: z.string().max(120).optional(),
  /** `direct`: who reports to the reader without anybody between. */
  show: z.enum(['all', 'direct', 'to_answer', 'no_two_step']).default('all'),
});
export type TeamQuery = z.infer<typeof teamQuery>;

export const teamSummary = z.object({
  people: z.number().int(),
  direct: z.number().int(),
  /** People about whom an alert waits for an answer. */
  toAnswer: z.number().int(),
  /** Of those who can sign in here. */
  withoutTwoStep: z.number().int(),
});
export type TeamSummary = z.infer<typeof teamSummary>;

/** Address, network and place; null unless the reader gave a reason for looking at them. */
const details = activityRow.pick({ ip: true, network: true, place: true }).nullable();
const country = z.string().nullable();

export const teamPersonDetail = teamPerson.extend({
  days: personDetail.shape.days,
  /** Until when the reader sees addresses and places. */
  revealedUntil: instant.nullable(),
});
export type TeamPersonDetail = z.infer<typeof teamPersonDetail>;

export const teamSession = sessionView
  .pick({ id: true, client: true, startedAt: true, lastSeenAt: true })
  .extend({ country, details });
export type TeamSession = z.infer<typeof teamSession>;

export const teamAttempt = activityRow
  .pick({ id: true, occurredAt: true, outcome: true, reason: true, application: true, client: true, novelties: true })
  .extend({ country, details });
export type TeamAttempt = z.infer<typeof teamAttempt>;

export const revealRequest = z.strictObject({ reason: z.string().trim().min(5).max(200) });
export type RevealRequest = z.infer<typeof revealRequest>;
export const revealed = z.object({ until: instant });
export type Revealed = z.infer<typeof revealed>;

export const remindRequest = z.strictObject({ people: z.array(z.uuid()).min(1).max(200) });
export type RemindRequest = z.infer<typeof remindRequest>;
/** `skipped`: reminded within the last days, or have it, or can't sign in here. */
export const reminded = z.object({ reminded: z.number().int(), skipped: z.number().int() });
export type Reminded = z.infer<typeof reminded>;

/** An alert about one of the reader's people, as far as managers see it. */
export const teamWarning = warningView.omit({ expiresAt: true }).extend({
  alertId: z.uuid(),
  personId: z.uuid(),
  raisedAt: instant,
  /** When somebody else is told unless it is answered; null where nobody will be. */
  nextAt: instant.nullable(),
  /** Sessions of the person here that are open now. */
  openSessions: z.number().int(),
});
export type TeamWarning = z.infer<typeof teamWarning>;

export const teamAnswer = z.strictObject({
  answer: warningAnswer,
  /** `lastAt` of what was shown: what came later is not answered unseen. */
  seen: instant,
});
export type TeamAnswer = z.infer<typeof teamAnswer>;

/** What the reader answered in the last 30 days. */
export const givenAnswer = z.object({
  number: z.string(),
  person: z.string(),
  answer: warningAnswer,
  at: instant,
  raisedAt: instant,
});
export type GivenAnswer = z.infer<typeof givenAnswer>;

/** Somebody looked at the addresses and places of the person who reads this. */
export const look = z.object({ by: z.string(), reason: z.string(), at: instant });
export type Look = z.infer<typeof look>;
export const looks = z.object({ items: z.array(look) });
export type Looks = z.infer<typeof looks>;
