import { z } from 'zod';
import { alertKind, alertStatus, verdict } from './alerts.js';
import { riskLevel } from './detection.js';
import { instant, pageQuery } from './paging.js';
import { endReason } from './sessions.js';

/** What the target may be told of; a digest and the test message come by themselves. */
export const webhookEvents = [
  'alert.raised',
  'alert.escalated',
  'alert.resolved',
  'incident.opened',
  'incident.resolved',
  'session.revoked',
] as const;
export const webhookEvent = z.enum(webhookEvents);
export type WebhookEvent = z.infer<typeof webhookEvent>;

/** Events that one digest lists; its counts are exact beyond them. */
export const WEBHOOK_DIGEST_MAX = 10;
/** How long a former secret still signs beside the new one, in hours. */
export const WEBHOOK_OVERLAP_HOURS = 24;
/** Days without one message taken, after which the target is disabled. */
export const WEBHOOK_DISABLED_AFTER_DAYS = 3;

const who = z.object({ id: z.uuid(), name: z.string() });

/** An alert as the target learns of it. New fields may join within a version; none leaves or changes its meaning. */
export const webhookAlert = z.object({
  id: z.uuid(),
  number: z.string(),
  kind: alertKind,
  severity: riskLevel,
  status: alertStatus,
  verdict: verdict.nullable(),
  /** A person's name, the name that was tried, or an address. */
  subject: z.string(),
  person: who.nullable(),
  ip: z.string().nullable(),
  score: z.number().int().nullable(),
  attempts: z.number().int(),
  failures: z.number().int(),
  successes: z.number().int(),
  firstAt: instant,
  lastAt: instant,
  incident: z.object({ id: z.uuid(), number: z.string() }).nullable(),
  /** Where it is looked at in the console. */
  url: z.string(),
});
export const webhookIncident = z.object({
  id: z.uuid(),
  number: z.string(),
  kinds: z.array(alertKind),
  severity: riskLevel,
  status: alertStatus,
  verdict: verdict.nullable(),
  attempts: z.number().int(),
  failures: z.number().int(),
  /** Accounts and names that were tried, and accounts that somebody got into. */
  subjects: z.number().int(),
  gotIn: z.number().int(),
  sources: z.number().int(),
  firstAt: instant,
  lastAt: instant,
  url: z.string(),
});
export const webhookRevocation = z.object({
  id: z.uuid(),
  by: z.string(),
  reason: z.string().nullable(),
  endReason,
  sessions: z.number().int(),
  /** At most ten. */
  people: z.array(who).max(10),
  url: z.string(),
});

const envelope = { version: z.literal(1), timestamp: instant };
/** The body of one message, as Standard Webhooks recommends it (`type`, `timestamp`, `data`), with the version of its schema. */
export const webhookMessage = z.discriminatedUnion('type', [
  z.object({
    type: z.enum(['alert.raised', 'alert.escalated', 'alert.resolved']),
    ...envelope,
    data: webhookAlert,
  }),
  z.object({ type: z.enum(['incident.opened', 'incident.resolved']), ...envelope, data: webhookIncident }),
  z.object({ type: z.literal('session.revoked'), ...envelope, data: webhookRevocation }),
  z.object({
    type: z.literal('digest'),
    ...envelope,
    /** What was held back since `from`: exact counts, and the newest few. */
    data: z.object({
      from: instant,
      to: instant,
      counts: z.array(z.object({ type: webhookEvent, severity: riskLevel.nullable(), count: z.number().int() })),
      newest: z
        .array(z.object({ type: webhookEvent, severity: riskLevel.nullable(), url: z.string() }))
        .max(WEBHOOK_DIGEST_MAX),
    }),
  }),
  z.object({ type: z.literal('test'), ...envelope, data: z.object({ by: z.string() }) }),
]);
export type WebhookMessage = z.infer<typeof webhookMessage>;

const target = {
  url: z
    .url({ protocol: /^https?$/, error: 'is a full address such as https://hooks.example.com/gatehouse' })
    .max(1_000)
    .refine((url) => !/^[^:]+:\/\/[^/?#]*@/.test(url), 'has no name or password before the host: requests are signed'),
  events: z.array(webhookEvent).min(1, 'names at least one event').max(webhookEvents.length),
  /** Alerts and incidents from this severity on. */
  severity: riskLevel,
  /** Messages in a window of the notification rules; what is more becomes a digest. Critical ones always go out. */
  perWindow: z.number().int().min(1).max(1_000),
};
export const webhookChange = z.strictObject(target);
export type WebhookChange = z.infer<typeof webhookChange>;

/** The target as administrators see it; others who may look see no more of the address than its server. */
export const webhookView = z.object({
  target: z
    .object({
      ...target,
      url: z.string(),
      changedAt: instant,
      /** Until when messages are signed with the former secret too. */
      overlapUntil: instant.nullable(),
      /** Since when no message was taken; null where the last one was. */
      failingSince: instant.nullable(),
      disabled: z.object({ at: instant, reason: z.string() }).nullable(),
    })
    .nullable(),
  /** From the notification rules, in minutes. */
  windowMinutes: z.number().int(),
});
export type WebhookView = z.infer<typeof webhookView>;
/** `secret` is shown this once: when the target is new, and when its secret was renewed. */
export const webhookSet = webhookView.extend({ secret: z.string().nullable() });
export type WebhookSet = z.infer<typeof webhookSet>;

export const webhookTestResult = z.object({ taken: z.boolean(), answer: z.string() });
export type WebhookTestResult = z.infer<typeof webhookTestResult>;

/** `retrying`: was refused or not answered, and is tried again. `held` waits for room, `digested` was counted in a digest. */
export const webhookDeliveryStates = ['waiting', 'retrying', 'held', 'digested', 'delivered', 'failed'] as const;
export const webhookDelivery = z.object({
  /** The `webhook-id` of the message. */
  id: z.string(),
  type: z.string(),
  /** What it is about, in a few words. */
  about: z.string(),
  severity: riskLevel.nullable(),
  state: z.enum(webhookDeliveryStates),
  tries: z.number().int(),
  lastError: z.string().nullable(),
  createdAt: instant,
  deliveredAt: instant.nullable(),
  nextTryAt: instant.nullable(),
});
export type WebhookDelivery = z.infer<typeof webhookDelivery>;
export const webhookDeliveryQuery = pageQuery;
export type WebhookDeliveryQuery = z.infer<typeof webhookDeliveryQuery>;
