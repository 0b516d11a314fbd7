import { z } from 'zod';
import { alertKind, alertStatus, alertView, verdict } from './alerts.js';
import { network, riskLevel } from './detection.js';
import { instant, pageQuery } from './paging.js';

/** An incident as lists show it: alerts that count the same attempts, with one status for all of them. */
export const incidentView = z.object({
  id: z.uuid(),
  /** Short name for people: `I-12`. */
  number: z.string(),
  /** Everything that was found in it, the first cause first. */
  kinds: z.array(alertKind),
  severity: riskLevel,
  status: alertStatus,
  verdict: verdict.nullable(),
  assignee: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  /** The alert that stands for it in lists: `PATCH /api/v1/alerts/{id}` with it takes or resolves the whole incident. */
  leadId: z.uuid(),
  alerts: z.number().int(),
  attempts: z.number().int(),
  failures: z.number().int(),
  /** Accounts and names that were tried, and accounts that somebody got into. */
  subjects: z.number().int(),
  gotIn: z.number().int(),
  sources: z.number().int(),
  firstAt: instant,
  lastAt: instant,
  openedAt: instant,
  simulated: z.boolean(),
  drill: z.boolean(),
});
export type IncidentView = z.infer<typeof incidentView>;

/** Who was tried: a person, or a name that nobody has. */
export const incidentSubject = z.object({
  subject: z.string(),
  person: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  attempts: z.number().int(),
  failures: z.number().int(),
  gotInAt: instant.nullable(),
  lastAt: instant,
  /** Live sessions of that person. */
  openSessions: z.number().int(),
});
export type IncidentSubject = z.infer<typeof incidentSubject>;

export const incidentSource = z.object({
  ip: z.string(),
  country: z.string().nullable(),
  network,
  attempts: z.number().int(),
  failures: z.number().int(),
  lastAt: instant,
  /** Until when sign-ins from it are refused; null where they are not. */
  throttledUntil: instant.nullable(),
});
export type IncidentSource = z.infer<typeof incidentSource>;

export const incidentEvent = z.object({
  at: instant,
  kind: z.enum(['opened', 'alert_joined', 'merged', 'severity_raised', 'reopened', 'contained', 'released']),
  by: z.string().nullable(),
  /** Numbers and names that the sentence is made of. */
  detail: z.record(z.string(), z.union([z.string(), z.number()])).nullable(),
});

/** Longest lists of one answer; the counts of the incident are of everything. */
const LISTED_MAX = 100;

export const incidentDetail = incidentView.extend({
  members: z.array(alertView).max(LISTED_MAX),
  /** Who got in first, then the most tried. */
  topSubjects: z.array(incidentSubject).max(LISTED_MAX),
  /** The busiest first. */
  topSources: z.array(incidentSource).max(LISTED_MAX),
  history: z.array(incidentEvent),
});
export type IncidentDetail = z.infer<typeof incidentDetail>;

export const incidentQuery = pageQuery.extend({ status: z.enum(['open', 'resolved', 'all']).default('open') });
export type IncidentQuery = z.infer<typeof incidentQuery>;

/** How long sources may be refused, in minutes. */
export const THROTTLE_MINUTES = { least: 5, most: 1_440, usual: 60 } as const;

/** What to do about an incident, in one go; what is left out is not done. */
export const containment = z.strictObject({
  /** End every session of those that somebody got into. */
  endSessions: z.boolean().default(true),
  /** Demand a new password of them; ends their sessions as well. */
  requirePassword: z.boolean().default(true),
  /** Refuse sign-ins from its sources for so many minutes; a device that is known still gets in. */
  throttleMinutes: z
    .number()
    .int()
    .min(THROTTLE_MINUTES.least)
    .max(THROTTLE_MINUTES.most)
    .nullable()
    .default(THROTTLE_MINUTES.usual),
  reason: z.string().trim().min(1).max(500).optional(),
});
export type Containment = z.infer<typeof containment>;

/** The same for an alert and all that belongs to it, which is then closed as the attack that it was. */
export const alertContainment = containment.extend({ resolve: z.boolean().default(true) });
export type AlertContainment = z.infer<typeof alertContainment>;

/** What was done, exactly. `revocationIds` lead to the receipts of which server confirmed when. */
export const containmentReceipt = z.object({
  id: z.uuid(),
  alert: alertView,
  incident: incidentView.nullable(),
  /** Somebody else was faster, and this is what they did; nothing was done again. */
  earlier: z.object({ by: z.string(), at: instant }).nullable(),
  /** Whether it closed the alert. */
  resolved: z.boolean(),
  people: z.array(
    z.object({
      id: z.uuid(),
      name: z.string(),
      sessionsEnded: z.number().int(),
      passwordRequired: z.boolean(),
      /** Why something was not done, e.g. the account has no password. */
      note: z.string().nullable(),
    }),
  ),
  revocationIds: z.array(z.uuid()),
  throttledSources: z.number().int(),
  throttledUntil: instant.nullable(),
});
export type ContainmentReceipt = z.infer<typeof containmentReceipt>;

/** What of a containment to take back. Sessions stay ended: their people can sign in again. */
export const undoContainment = z.strictObject({
  sources: z.boolean().default(true),
  passwords: z.boolean().default(true),
  reopen: z.boolean().default(true),
});
export type UndoContainment = z.infer<typeof undoContainment>;
export const undone = z.object({
  releasedSources: z.number().int(),
  /** Of how many no new password is demanded any more; who chose one meanwhile keeps it. */
  liftedPasswords: z.number().int(),
  reopened: z.boolean(),
});
export type Undone = z.infer<typeof undone>;

export const released = z.object({ releasedSources: z.number().int() });
export type Released = z.infer<typeof released>;
