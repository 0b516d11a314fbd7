import { z } from 'zod';
import { identityChecks } from './factors.js';
import { instant, pageQuery } from './paging.js';
import { timeZone } from './time-zone.js';

/** The circumstances of what a message reports, in words ready for print; null where nothing is known. */
export const circumstances = z.object({
  at: instant,
  ip: z.string().nullable(),
  /** Browser and system, e.g. "Firefox on Windows". */
  client: z.string().nullable(),
  /** From the address, e.g. "Lisbon, Portugal". */
  place: z.string().nullable(),
});
export type Circumstances = z.infer<typeof circumstances>;

const text = z.string().max(500);
const none = z.object({});
const happened = z.object({ circumstances });
/** `by` names who did it, where it was somebody else. */
const byOther = happened.extend({ by: text.nullable() });

/** Links in one digest at most; its counts are exact beyond them. */
export const DIGEST_LINKS_MAX = 10;
/** The same of one with critical messages: each is named. */
export const CRITICAL_LINKS_MAX = 100;

/**
 * Every kind of message with what it has to say. A kind marked "secret" carries one in the sealed part of the outbox (a code or a
 * link's token), never in its payload.
 */
export const notificationKinds = {
  /** Secret: the link's token. */
  password_reset_link: happened.extend({ minutes: z.number().int() }),
  /** `first`: it was chosen by an invitation. */
  password_changed: byOther.extend({ first: z.boolean().optional() }),
  password_change_required: z.object({ by: text, reason: text.nullable() }),
  /** Nobody asks for it: the password became too short, as no second factor is enforced with it any more. */
  longer_password_required: z.object({ minimum: z.number().int() }),
  /** Secret: the link's token. */
  invitation: z.object({ by: text, days: z.number().int() }),
  /** Secret: the link's token. Goes to the new address only. */
  address_confirmation: z.object({ address: text, hours: z.number().int() }),
  address_added: byOther.extend({ address: text }),
  address_removed: byOther.extend({ address: text }),
  /** The person chose that security messages go to an address no longer; it gets this one as the last. */
  notices_stopped: happened.extend({ address: text }),
  role_changed: byOther.extend({ role: text }),
  new_device_sign_in: happened.extend({ application: text, factors: z.array(text) }),
  /** The token of a trusted device was copied; `device` names it. */
  trust_copied: happened.extend({ device: text.nullable() }),
  session_ended: byOther.extend({ sessions: z.array(text), reason: text.nullable() }),
  /** To the manager and to security: somebody says that a sign-in was not theirs. */
  sign_in_disowned: happened.extend({ person: text, email: text, application: text, alert: z.string().nullable() }),
  /** `by` names the manager who had it secured; null where the person did. */
  account_secured: byOther,
  /** To the reporting line and, if nobody answers, to security. Secret: the token of the page that takes the answer. */
  manager_warning: happened.extend({
    person: text,
    application: text,
    novelties: z.array(z.enum(['country', 'network', 'device', 'travel'])),
    /** A session that had ended was used again. */
    revokedSession: z.boolean(),
    alert: text,
    /** Until when its links take answers. */
    until: instant,
    /** Minutes until the next in line is told; null where there is nobody else. */
    minutes: z.number().int().nullable(),
  }),
  /** To security: a manager says that a sign-in was not expected, and had the account secured. */
  sign_in_not_expected: happened.extend({ person: text, by: text, application: text, alert: text }),
  /** Secret: the token of the page that takes the answer. */
  was_this_you: happened.extend({ application: text, hours: z.number().int() }),
  /** Secret: the code. */
  sign_in_code: happened.extend({ minutes: z.number().int() }),
  /** By SMS. Secret: the number and the code. */
  sign_in_code_by_sms: z.object({ minutes: z.number().int() }),
  factor_added: byOther.extend({ factor: text }),
  factor_removed: byOther.extend({ factor: text }),
  two_step_turned_off: byOther,
  /** From the manager named. */
  two_step_reminder: z.object({ by: text }),
  factors_reset: byOther.extend({ identityCheck: z.enum(identityChecks), note: text }),
  backup_codes_made: happened.extend({ count: z.number().int() }),
  backup_codes_low: z.object({ left: z.number().int() }),
  /** Secret: the token of the page that cancels. */
  recovery_started: happened.extend({ readyAt: instant }),
  /** Secret: the token of the page that cancels. */
  recovery_reminder: z.object({ startedAt: instant, readyAt: instant }),
  /** Secret: the link's token; it cancels too. */
  recovery_ready: z.object({ startedAt: instant, hours: z.number().int() }),
  recovery_cancelled: z.object({ at: instant, how: text }),
  recovery_completed: happened,
  /** To the manager and to security. */
  recovery_watched: happened.extend({ person: text, readyAt: instant }),
  /** To every administrator: somebody used the command line to get in. */
  break_glass_used: happened.extend({ email: text }),
  /** What was held back while a budget was full or quiet hours held, or, `critical`, what came right after one of its kind. Secret: the tokens of `links`, as a JSON array in their order. */
  digest: z.object({
    counts: z.array(z.object({ kind: text, count: z.number().int() })),
    links: z.array(z.object({ person: text, alert: text })).max(CRITICAL_LINKS_MAX),
    critical: z.boolean().default(false),
  }),
  /** To every administrator: the webhook's target took nothing for days, or said that it is gone. */
  webhook_disabled: z.object({ at: instant, server: text, reason: text }),
  /** One event for the webhook's target; its payload is the body of the request. */
  webhook_event: z.looseObject({}),
  test_message: none,
} as const satisfies Record<string, z.ZodObject>;

export type NotificationKind = keyof typeof notificationKinds;
export type NotificationPayload<K extends NotificationKind> = z.infer<(typeof notificationKinds)[K]>;
/** What goes to a person: all but what goes to the webhook's target. */
export type PersonKind = Exclude<NotificationKind, 'webhook_event'>;
/** All but what goes by SMS. */
export type MailKind = Exclude<PersonKind, 'sign_in_code_by_sms'>;
export const kinds = Object.keys(notificationKinds).filter((kind) => kind !== 'webhook_event') as [
  PersonKind,
  ...PersonKind[],
];

/**
 * `held`: waits for room in the person's budget or the end of quiet hours. `digested`: told by a digest.
 * `failed`: given up after every retry, or no longer of use. `bounced`: the mail server or SMS gateway refused it for good.
 */
export const notificationStates = ['queued', 'held', 'digested', 'sent', 'failed', 'bounced'] as const;
export const notificationState = z.enum(notificationStates);
export type NotificationState = z.infer<typeof notificationState>;

/** One message to one address, as administrators see it: whether it arrived, never what it said. */
export const notificationView = z.object({
  id: z.uuid(),
  kind: z.enum(kinds),
  person: z.object({ id: z.uuid(), name: z.string() }),
  /** An e-mail address, or a phone number mostly covered. */
  recipient: z.string(),
  state: notificationState,
  tries: z.number().int(),
  /** What the mail server or SMS gateway answered last, where it did not take the message. */
  lastError: z.string().nullable(),
  createdAt: instant,
  sentAt: instant.nullable(),
  /** When it is tried next; null once it is out of the queue. */
  nextTryAt: instant.nullable(),
});
export type NotificationView = z.infer<typeof notificationView>;
export const notificationQuery = pageQuery.extend({ state: notificationState.optional() });
export type NotificationQuery = z.infer<typeof notificationQuery>;

/** How mail leaves: through a mail server, or, without one, into files. */
export const mailState = z.object({
  way: z.enum(['smtp', 'files']),
  /** Host and port of the mail server, or the folder. */
  target: z.string(),
  from: z.string(),
  counts: z.record(notificationState, z.number().int()),
});
export type MailState = z.infer<typeof mailState>;

/** A quick reply is possible, and a night is not slept through by everybody: 5 minutes to a day. */
const minutesToAnswer = z.number().int().min(5).max(1_440);
/** How people are told of alerts. */
export const notificationRules = z.strictObject({
  /** Minutes that one receiver of a warning has before the next in line is told, by severity of the alert. */
  highMinutes: minutesToAnswer,
  criticalMinutes: minutesToAnswer,
  /** A receiver gets at most so many messages about others of one kind in a window, and of all kinds in an hour; critical ones always. */
  windowMinutes: z.number().int().min(1).max(1_440),
  perWindow: z.number().int().min(1).max(1_000),
  perHour: z.number().int().min(1).max(1_000),
});
export type NotificationRules = z.infer<typeof notificationRules>;

const timeOfDay = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'a time such as 22:30');
/** In which time zone a person lives, and when messages about others wait unless they are critical. */
export const quietHours = z
  .strictObject({ timeZone, quiet: z.strictObject({ begins: timeOfDay, ends: timeOfDay }).nullable() })
  .refine(({ quiet }) => quiet === null || quiet.begins !== quiet.ends, {
    path: ['quiet', 'ends'],
    message: 'another time than the beginning',
  });
export type QuietHours = z.infer<typeof quietHours>;
