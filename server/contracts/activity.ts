import { z } from 'zod';
import { factor, named, outcome } from './attempts.js';
import { client, network, place } from './detection.js';
import { circumstances } from './notifications.js';
import { instant, pageQuery } from './paging.js';

/** How far back people see the attempts on their own account, in days. */
export const ACTIVITY_DAYS = 90;

/** What an attempt had that this person never had before, or travel that nobody can do. */
export const novelty = z.enum(['country', 'network', 'device', 'travel']);
export type Novelty = z.infer<typeof novelty>;

/**
 * Why somebody is asked about a sign-in: it was unusual for them, it came right after a row of failed tries, or it was a way in that
 * is for who lost everything else; the latter two in a browser that they hadn't used before.
 */
export const signInDoubt = z.enum(['unusual', 'after_failures', 'backup_code', 'recovery']);
export type SignInDoubt = z.infer<typeof signInDoubt>;

/** What the person said about a sign-in. */
export const signInAnswers = ['mine', 'not_mine'] as const;
export type SignInAnswer = (typeof signInAnswers)[number];

/** An attempt on the own account, at Gatehouse or at a connected application. */
export const activityRow = z.object({
  id: z.uuid(),
  occurredAt: instant,
  outcome,
  reason: z.string().nullable(),
  factor: factor.nullable(),
  application: named,
  ip: z.string(),
  network,
  place: place.nullable(),
  client,
  /** The session it opened, where that is one of Gatehouse; sessions of other applications are not known here. */
  session: z.object({ current: z.boolean(), endedAt: instant.nullable() }).nullable(),
  novelties: z.array(novelty),
  doubts: z.array(signInDoubt),
  /** It worked, there is doubt, and nobody has said yet whether it was this person. Never the very session that asks. */
  suspicious: z.boolean(),
  /** It got as far as the second step and no further, which nobody does without the password; false once that has changed. */
  passwordKnown: z.boolean(),
  answer: z.enum(signInAnswers).nullable(),
});
export type ActivityRow = z.infer<typeof activityRow>;

/** Words of which each must be found: in the application, address, place, network, device or factor. */
const search = z.string().trim().max(120).optional();
export const activitySearch = z.strictObject({ search });
export type ActivitySearch = z.infer<typeof activitySearch>;
/**
 * `failed`: failures and what was blocked. `new_device`: sign-ins on a kind of device not used before. `unanswered`: sign-ins that
 * people are asked about.
 */
export const activityFilter = z.strictObject({
  show: z.enum(['all', 'successful', 'failed', 'new_device', 'unanswered']).default('all'),
  search,
});
export type ActivityFilter = z.infer<typeof activityFilter>;
export const activityQuery = activityFilter.extend(pageQuery.shape);
export type ActivityQuery = z.infer<typeof activityQuery>;

export const activityCounts = z.object({
  all: z.number().int(),
  successful: z.number().int(),
  failed: z.number().int(),
  newDevice: z.number().int(),
  suspicious: z.number().int(),
  /** Failed second steps of somebody who knows the password, not answered. */
  passwordKnown: z.number().int(),
});
export type ActivityCounts = z.infer<typeof activityCounts>;

/** What was done after somebody said that a sign-in was not theirs, and what is left to do. */
export const lockDown = z.object({
  attemptId: z.uuid(),
  startedAt: instant,
  application: z.string(),
  /** What became of the session of that sign-in; `elsewhere` where only the connected application can end it, `none` where nobody got in. */
  session: z.enum(['ended', 'ended_before', 'elsewhere', 'none']),
  otherSessions: z.number().int(),
  /** Devices that may not skip the second factor any more. */
  distrusted: z.number().int(),
  managerTold: z.boolean(),
  /** Null until the person has chosen a new one; before that nothing else opens. */
  passwordChangedAt: instant.nullable(),
  /** Null until the person has said that every way of their two-step sign-in is theirs. */
  factorsCheckedAt: instant.nullable(),
  /** Whether that sign-in used up a backup code: then somebody has them. */
  byBackupCode: z.boolean(),
});
export type LockDown = z.infer<typeof lockDown>;
/** The newest of the last 90 days, or null. */
export const lockDownState = z.object({ lockDown: lockDown.nullable() });
export type LockDownState = z.infer<typeof lockDownState>;

/** How long the link of a mailed "Was this you?" works, in hours. SP 800-63B-4 §4.2.1.2 allows a code sent by e-mail 24. */
export const QUESTION_HOURS = 24;
const token = z.string().max(64);
export const questionRequest = z.strictObject({ token });
export const questionAnswer = z.strictObject({ token, answer: z.enum(signInAnswers) });
export type QuestionAnswer = z.infer<typeof questionAnswer>;
/** What is asked: no more than the mail says, as the answer needs no sign-in. */
export const signInQuestion = circumstances.extend({ application: z.string(), expiresAt: instant });
export type SignInQuestion = z.infer<typeof signInQuestion>;
