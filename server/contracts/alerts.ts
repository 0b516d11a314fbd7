import { z } from 'zod';
import { attemptRow, factor } from './attempts.js';
import { decision } from './decisions.js';
import { signInChallenge } from './factors.js';
import { networkKind, riskLevel, risk } from './detection.js';
import { instant, pageQuery } from './paging.js';
import { timeZone } from './time-zone.js';

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
  'trusted-device-copied',
] as const;
export const alertKind = z.enum(alertKinds);
export type AlertKind = z.infer<typeof alertKind>;

/**
 * `on_hold` comes back by itself, at its time or with new evidence. `resolved` has been answered and can be reopened by a key press;
 * `closed` is over: opening it again needs a reason.
 */
export const alertStatuses = ['new', 'in_progress', 'on_hold', 'resolved', 'closed'] as const;
export const alertStatus = z.enum(alertStatuses);
export type AlertStatus = z.infer<typeof alertStatus>;

/** An alert by its id, or by the number that people say: `A-1042`. */
export const alertReference = z.union([z.uuid(), z.string().regex(/^A-[1-9]\d{0,14}$/)]);

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
  /** Until when it is put off; null unless it is on hold. */
  heldUntil: instant.nullable(),
  /** Within how many minutes somebody should answer; null where that is not set for its severity. */
  targetMinutes: z.number().int().nullable(),
  /** The alert that stands for it since somebody merged the two. */
  mergedInto: z.object({ id: z.uuid(), number: z.string() }).nullable(),
  simulated: z.boolean(),
  /** Of an attack drill: invented, and gone when it ends. */
  drill: z.boolean(),
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
    'assigned',
    'held',
    'returned',
    'noted',
    'merged',
    'unmerged',
    'resolved',
    'closed',
    'reopened',
    'muted',
    'contained',
    'responded',
    'response_failed',
    'challenge_passed',
    'challenge_lifted',
    'released',
    'asked',
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

/** Whom and what a containment reaches; people beyond the list are counted. */
export const alertReach = z.object({
  alerts: z.number().int(),
  people: z.array(z.object({ id: z.uuid(), name: z.string(), sessions: z.number().int() })).max(20),
  peopleCount: z.number().int(),
  sessions: z.number().int(),
  /** Of how many a new password is demanded. */
  passwords: z.number().int(),
  sources: z.number().int(),
});
export type AlertReach = z.infer<typeof alertReach>;

/** Alerts of a bulk action at most. */
export const BULK_MAX = 100;
export const reachQuery = z.object({
  ids: z
    .string()
    .transform((ids) => ids.split(','))
    .pipe(z.array(z.uuid()).min(1).max(BULK_MAX)),
});
export type ReachQuery = z.infer<typeof reachQuery>;

export const alertDetail = alertView.extend({
  /** The judged attempt behind a suspicious sign-in; null for campaigns. */
  risk: risk.nullable(),
  /** What was decided at that sign-in: by Gatehouse where it was asked before, and how it was let in. */
  signIn: z
    .object({ decision: decision.nullable(), factor: factor.nullable(), reason: z.string().nullable() })
    .nullable(),
  attempts: z.array(attemptRow).max(50),
  history: z.array(alertEvent),
  /** Live sessions of the person concerned. */
  openSessions: z.number().int(),
  /** Alerts that were merged into this one; their evidence stays theirs. */
  merged: z.array(alertView).max(50),
  /** What containing it would do now, exactly. */
  reach: alertReach,
  /** What was last done against it in one go, while that stands. */
  containment: z
    .object({
      id: z.uuid(),
      by: z.string(),
      at: instant,
      sources: z.number().int(),
      throttledUntil: instant.nullable(),
      /** Of how many people a new password is still demanded because of it. */
      passwords: z.number().int(),
    })
    .nullable(),
  /** Of whom the next sign-in asks for a second factor because of it. */
  challenges: z.array(signInChallenge),
  /** When the person was last asked by mail, and what they said; null where they were not. */
  question: z.object({ askedAt: instant, answer: z.enum(['mine', 'not_mine']).nullable() }).nullable(),
  /** Whether its person can be asked now. */
  askable: z.boolean(),
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

const note = z.string().trim().min(1).max(2000);

/** How long an alert is put off: an hour, until tomorrow at nine, or until Monday at nine, by the clock of the given zone. */
export const holds = ['hour', 'tomorrow', 'next_week'] as const;
export type Hold = (typeof holds)[number];

/** Moves an alert on, with all that move with it. */
export const alertChange = z.discriminatedUnion('action', [
  z.strictObject({ action: z.literal('take') }),
  /** Gives it to somebody who may act on alerts, or to nobody. */
  z.strictObject({ action: z.literal('assign'), to: z.uuid().nullable() }),
  z.strictObject({ action: z.literal('hold'), until: z.enum(holds), timeZone, note: note.optional() }),
  /** Takes it back before its time. */
  z.strictObject({ action: z.literal('return') }),
  /** `mute`: no alert of this kind, for this person and from these networks, for 30 days. */
  z.strictObject({ action: z.literal('resolve'), verdict, note: note.optional(), mute: z.boolean().optional() }),
  z.strictObject({ action: z.literal('close'), note: note.optional() }),
  z.strictObject({ action: z.literal('reopen'), note: note.optional() }),
  z.strictObject({ action: z.literal('note'), note }),
]);
export type AlertChange = z.infer<typeof alertChange>;

/** Makes an alert part of another; the evidence of each stays. */
export const mergeRequest = z.strictObject({ into: z.uuid() });
export type MergeRequest = z.infer<typeof mergeRequest>;

/** For how long a kind of alert stays quiet, in days. */
export const MUTE_DAYS = 30;
export const alertMute = z.object({
  id: z.uuid(),
  kind: alertKind,
  person: z.object({ id: z.uuid(), name: z.string() }),
  /** Networks and addresses that it is quiet for, as people read them. */
  sources: z.array(z.string()),
  reason: z.string(),
  by: z.string().nullable(),
  alert: z.object({ id: z.uuid(), number: z.string() }).nullable(),
  createdAt: instant,
  until: instant,
  /** How many findings it has kept quiet, and when the last one. */
  keptQuiet: z.number().int(),
  lastAt: instant.nullable(),
});
export type AlertMute = z.infer<typeof alertMute>;
export const muteQuery = pageQuery.extend({ person: z.uuid().optional() });
export type MuteQuery = z.infer<typeof muteQuery>;

export const askedPerson = z.object({ askedAt: instant, person: z.string() });
export type AskedPerson = z.infer<typeof askedPerson>;

/** From so many verdicts on a rule can be called noisy, and below this share of real attacks among them. */
export const NOISY = { judged: 5, precision: 0.5 } as const;

/** How one rule did: what it raised, and what people found it to be. */
export const ruleQuality = z.object({
  kind: alertKind,
  alerts: z.number().int(),
  per10k: z.number().nullable(),
  real: z.number().int(),
  falseAlarms: z.number().int(),
  harmless: z.number().int(),
  /** Share of real attacks among those with a verdict; null without any. */
  precision: z.number().nullable(),
  /** Until somebody did something about half of them, in minutes. */
  medianMinutes: z.number().nullable(),
  /** Most of what it raises is no attack. */
  noisy: z.boolean(),
});
export type RuleQuality = z.infer<typeof ruleQuality>;

export const alertQuality = z.object({
  days: z.number().int(),
  attempts: z.number().int(),
  alerts: z.number().int(),
  /** Alerts per 10,000 attempts; null without attempts. */
  per10k: z.number().nullable(),
  /** From an alert to the first thing that a person did about it, on average and in the middle, in minutes. */
  meanMinutes: z.number().nullable(),
  medianMinutes: z.number().nullable(),
  answered: z.number().int(),
  rules: z.array(ruleQuality),
});
export type AlertQuality = z.infer<typeof alertQuality>;
export const qualityQuery = z.object({ days: z.coerce.number().int().min(1).max(90).default(30) });
export type QualityQuery = z.infer<typeof qualityQuery>;
