import { z } from 'zod';
import { attemptRow } from './attempts.js';
import { networkKind, riskLevel, risk } from './detection.js';
import { instant, pageQuery } from './paging.js';

export const alertKinds = [
  'suspicious-sign-in',
  'brute-force-person',
  'brute-force-source',
  'spray',
  'credential-stuffing',
  'user-enumeration',
  'failures-from-unfamiliar-place',
  'factor-fatigue',
  'quarantined-attempt',
  'break-glass',
  'recovery-started',
  'sms-limit',
  'disowned-sign-in',
  'revoked-session-used',
] as const;
export const alertKind = z.enum(alertKinds);
export type AlertKind = z.infer<typeof alertKind>;

export const alertStatuses = ['new', 'in_progress', 'resolved'] as const;
export const alertStatus = z.enum(alertStatuses);
export type AlertStatus = z.infer<typeof alertStatus>;

export const verdicts = ['true_positive', 'false_positive', 'benign'] as const;
export const verdict = z.enum(verdicts);
export type Verdict = z.infer<typeof verdict>;

/** Numbers that the headline sentence is made of; always exact. */
export const alertEvidence = z.object({
  attempts: z.number().int(),
  failures: z.number().int(),
  successes: z.number().int(),
  /** Distinct subjects and addresses among the evidence; `more` is true where the list below was cut. */
  subjects: z.number().int(),
  addresses: z.number().int(),
  /** The most tried subjects and sources, at most ten each. */
  topSubjects: z.array(z.object({ value: z.string(), count: z.number().int(), gotIn: z.boolean() })).max(10),
  topAddresses: z
    .array(
      z.object({
        value: z.string(),
        count: z.number().int(),
        asn: z.number().int().nullable(),
        organisation: z.string().nullable(),
        country: z.string().nullable(),
      }),
    )
    .max(10),
});
export type AlertEvidence = z.infer<typeof alertEvidence>;

/** The same as screens show it: people by name, addresses with what their network is for. */
export const shownEvidence = alertEvidence.extend({
  topSubjects: z
    .array(
      alertEvidence.shape.topSubjects.element.extend({
        person: z.object({ id: z.uuid(), name: z.string() }).nullable(),
      }),
    )
    .max(10),
  topAddresses: z.array(alertEvidence.shape.topAddresses.element.extend({ kind: networkKind })).max(10),
});
export type ShownEvidence = z.infer<typeof shownEvidence>;

export const alertView = z.object({
  id: z.uuid(),
  /** Short name for people: `A-1042`. */
  number: z.string(),
  kind: alertKind,
  severity: riskLevel,
  status: alertStatus,
  verdict: verdict.nullable(),
  /** What the alert is about: a person's name or subject, or an address. */
  subject: z.string(),
  person: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  ip: z.string().nullable(),
  score: z.number().int().nullable(),
  evidence: shownEvidence,
  firstAt: instant,
  lastAt: instant,
  raisedAt: instant,
  resolvedAt: instant.nullable(),
  assignee: z.object({ id: z.uuid(), name: z.string() }).nullable(),
  simulated: z.boolean(),
  /** The attack it is part of. Alerts of one incident are taken and resolved together; `lead` is the one that stands for all. */
  incident: z
    .object({
      id: z.uuid(),
      number: z.string(),
      severity: riskLevel,
      /** Everything that was found in it, the first cause first. */
      kinds: z.array(alertKind),
      alerts: z.number().int(),
      /** Accounts and names that were tried, accounts that somebody got into, and addresses that tried. */
      subjects: z.number().int(),
      gotIn: z.number().int(),
      sources: z.number().int(),
      lead: z.boolean(),
    })
    .nullable(),
});
export type AlertView = z.infer<typeof alertView>;

export const alertEvent = z.object({
  /** When it happened: what attempts brought about has the time of the attempt, also where it was reported later. */
  at: instant,
  kind: z.enum([
    'raised',
    'grew',
    'severity_raised',
    'taken',
    'resolved',
    'reopened',
    'session_revoked',
    'confirmed',
    'disowned',
    'warned',
    'asking',
    'expected',
    'not_expected',
  ]),
  by: z.string().nullable(),
  note: z.string().nullable(),
});
export const alertDetail = alertView.extend({
  /** The judged attempt behind a suspicious sign-in; null for campaigns. */
  risk: risk.nullable(),
  attempts: z.array(attemptRow).max(50),
  history: z.array(alertEvent),
  /** Live sessions of the person concerned. */
  openSessions: z.number().int(),
});
export type AlertDetail = z.infer<typeof alertDetail>;

export const alertQuery = pageQuery.extend({
  status: z.enum(['open', 'resolved', 'all']).default('open'),
  severity: riskLevel.optional(),
  kind: alertKind.optional(),
  person: z.uuid().optional(),
  ip: z.string().max(45).optional(),
  application: z.uuid().optional(),
  incident: z.uuid().optional(),
  /** `true`: of an incident only the alert that stands for it. */
  folded: z.stringbool().default(false),
  from: instant.optional(),
  to: instant.optional(),
});
export type AlertQuery = z.infer<typeof alertQuery>;

/** Moves an alert on: take it, resolve it with a verdict, or reopen it. */
export const alertChange = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('take') }),
  z.strictObject({ action: z.literal('resolve'), verdict, note: z.string().trim().max(2000).optional() }),
  z.strictObject({ action: z.literal('reopen') }),
]);
export type AlertChange = z.infer<typeof alertChange>;
