import { z } from 'zod';
import { novelty } from './activity.js';
import { client, network, place } from './detection.js';
import { instant, pageQuery } from './paging.js';

export const endReasons = [
  'signed_out',
  'revoked_by_self',
  'revoked_by_staff',
  'revoked_by_manager',
  'password_changed',
  'idle',
  'expired',
  'account_disabled',
  'role_changed',
  'policy',
] as const;
export const endReason = z.enum(endReasons);
export type EndReason = z.infer<typeof endReason>;

export const sessionView = z.object({
  /** Public id: names the session, cannot be used to sign in. */
  id: z.uuid(),
  person: z.object({ id: z.uuid(), name: z.string(), email: z.string() }),
  /** True for the session that asks. */
  current: z.boolean(),
  client,
  ip: z.string(),
  place: place.nullable(),
  network,
  /** Authentication methods used, RFC 8176 style, e.g. `["pwd"]`. */
  amr: z.array(z.string()),
  /** NIST SP 800-63B-4 authentication assurance level. */
  aal: z.union([z.literal(1), z.literal(2)]),
  /** A passkey was shown, which no look-alike page can pass on. */
  phishingResistant: z.boolean(),
  startedAt: instant,
  lastSeenAt: instant,
  /** When it ends if it is not used. */
  idleAt: instant,
  /** When it ends in any case. */
  expiresAt: instant,
  endedAt: instant.nullable(),
  endReason: endReason.nullable(),
  /** What the browser calls itself, as it was sent. */
  userAgent: z.string().nullable(),
  /** Begun on a computer that others use too. */
  shared: z.boolean(),
  /** What was new about its sign-in: for two weeks, unless the person says that it was theirs. */
  novelties: z.array(novelty),
  /** Of the revocation that ended it, for the record of who confirmed when. */
  receiptId: z.uuid().nullable(),
});
export type SessionView = z.infer<typeof sessionView>;

const sessionFilter = z.object({
  person: z.uuid().optional(),
  /** Opened from this address, or used from it last. */
  ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  device: z.uuid().optional(),
  /** Any part of name, e-mail, address, city, operator, browser or system. */
  search: z.string().trim().max(120).optional(),
  /** `live` by default; `ended` shows the last 28 days. */
  state: z.enum(['live', 'ended']).default('live'),
});
export const sessionQuery = pageQuery.extend({
  ...sessionFilter.shape,
  /** By last use or end, newest first, by when they began, or by the name of their person. */
  sort: z.enum(['recent', 'started', 'person']).default('recent'),
});
export type SessionSort = z.infer<typeof sessionQuery>['sort'];
export const sessionCountQuery = sessionFilter;
export type SessionCountQuery = z.infer<typeof sessionCountQuery>;
/** Everything the filter finds, exactly. */
export const sessionCount = z.object({ sessions: z.number().int(), people: z.number().int() });
export type SessionCount = z.infer<typeof sessionCount>;
export type SessionQuery = z.infer<typeof sessionQuery>;

export const revokeRequest = z.strictObject({ reason: z.string().trim().min(1).max(500).optional() });
/** Most sessions that are named in one request. */
export const REVOKE_LISTED_MAX = 500;
export const revokeListed = z.strictObject({
  sessionIds: z
    .array(z.uuid())
    .min(1)
    .max(REVOKE_LISTED_MAX)
    .refine((ids) => new Set(ids).size === ids.length, 'each once'),
  reason: revokeRequest.shape.reason,
});
export type RevokeListed = z.infer<typeof revokeListed>;
/** `forgetTrust`: a device was lost, and none may skip the second factor any more. */
export const revokeOthersRequest = z.strictObject({
  includeCurrent: z.boolean().default(false),
  forgetTrust: z.boolean().default(false),
});
export type RevokeOthersRequest = z.infer<typeof revokeOthersRequest>;

/** What was ended, by whom and why, and which server confirmed it when. */
export const revocationReceipt = z.object({
  id: z.uuid(),
  revokedAt: instant,
  by: z.object({ kind: z.enum(['self', 'staff', 'system', 'key']), id: z.string().nullable(), name: z.string() }),
  reason: z.string().nullable(),
  sessions: z.array(z.object({ id: z.uuid(), personName: z.string(), client })),
  confirmations: z.array(z.object({ node: z.string(), confirmedAt: instant, socketsCut: z.number().int() })),
  /** Servers that were alive at the time and have not confirmed yet. */
  pendingNodes: z.array(z.string()),
  /** The application behind the webhook, and whether it took the message; null where none is told. */
  told: z
    .object({
      state: z.enum(['waiting', 'delivered', 'failed']),
      at: instant.nullable(),
      answer: z.string().nullable(),
    })
    .nullable(),
});
export type RevocationReceipt = z.infer<typeof revocationReceipt>;

/** What became of the sessions that were named: one receipt for all that ended, and those that were over before or are not to be ended. */
export const listedReceipt = z.object({ receipt: revocationReceipt.nullable(), notEnded: z.array(z.uuid()) });
export type ListedReceipt = z.infer<typeof listedReceipt>;
