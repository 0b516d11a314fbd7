import { z } from 'zod';
import { client, network, place, risk, riskLevel } from './detection.js';
import { instant, pageQuery } from './paging.js';

export const outcomes = ['success', 'failure', 'challenge', 'blocked'] as const;
export const outcome = z.enum(outcomes);
export type Outcome = z.infer<typeof outcome>;

export const factors = [
  'password',
  'totp',
  'passkey',
  'push',
  'email',
  'sms',
  'backup_code',
  'sso',
  'key',
  'none',
] as const;
export const factor = z.enum(factors);
export type Factor = z.infer<typeof factor>;

/** Most records in a JSON array body. */
export const BATCH_MAX = 500;
/** Most lines in an NDJSON body. */
export const NDJSON_LINES_MAX = 5_000;
/** Largest unpacked body in bytes. */
export const BODY_BYTES_MAX = 5 * 1024 * 1024;
/** How far ahead of our clock an attempt may claim to be, in milliseconds. */
export const FUTURE_TOLERANCE_MS = 5 * 60_000;

/** PostgreSQL can't hold NUL, nor jsonb a lone surrogate; hostile text is kept, with these replaced. */
const clean = (text: string): string =>
  text.replace(/\u0000|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd');
const text = (min: number, max: number) => z.string().min(min).max(max).overwrite(clean);
const short = text(1, 256);
const attributeValue = z.union([text(0, 2048), z.number(), z.boolean(), z.null()], {
  error: 'must be a text of at most 2048 characters, a number, true, false or null',
});

/** One login attempt as a source reports it. Unknown fields are refused, so that a typing error is not lost silently. */
export const newAttempt = z.strictObject({
  /** The source's own id: makes a repeat of the same record harmless. Without it the whole record is the id. */
  id: short.optional(),
  occurredAt: instant,
  /** Who tried: an e-mail, a user name or an id of the application's own. Attacker-controlled. */
  subject: text(1, 320),
  outcome,
  reason: text(1, 64).optional(),
  ip: z.union([z.ipv4(), z.ipv6()], { error: 'must be an IPv4 or IPv6 address, without port or zone' }),
  userAgent: text(0, 2048).optional(),
  factor: factor.optional(),
  deviceId: short.optional(),
  sessionId: short.optional(),
  correlationId: short.optional(),
  /** What `POST /api/v1/decide` answered for this sign-in: its outcome is noted there. */
  assessmentId: z.uuid().optional(),
  /** Keyed hash of the tried password, made by the source; links the tries of a spray. Never the password. */
  passwordFingerprint: text(0, 128).optional(),
  attributes: z
    .record(
      z
        .string()
        .max(64)
        .regex(/^[^\u0000\ud800-\udfff]*$/),
      attributeValue,
    )
    .refine((a) => Object.keys(a).length <= 32, 'must have at most 32 entries')
    .optional(),
});
export type NewAttempt = z.infer<typeof newAttempt>;

export const rejection = z.object({
  index: z.number().int(),
  code: z.enum(['invalid_record', 'occurred_in_future', 'older_than_retention']),
  message: z.string(),
});
export type Rejection = z.infer<typeof rejection>;

/** Answer to `POST /api/v1/attempts`, given after the commit: what is counted here is on disk. */
export const recordResult = z.object({
  recorded: z.number().int(),
  duplicates: z.number().int(),
  rejected: z.array(rejection),
});
export type RecordResult = z.infer<typeof recordResult>;

export const named = z.object({ id: z.string(), name: z.string() });

/** An attempt as lists and the live view show it. */
export const attemptRow = z.object({
  id: z.uuid(),
  occurredAt: instant,
  outcome,
  reason: z.string().nullable(),
  subject: z.string(),
  person: named.nullable(),
  application: named,
  ip: z.string(),
  network,
  place: place.nullable(),
  client,
  sessionId: z.string().nullable(),
  score: z.number().int(),
  level: riskLevel,
  simulated: z.boolean(),
});
export type AttemptRow = z.infer<typeof attemptRow>;

/** Everything about one attempt, for the side panel. */
export const attemptDetail = attemptRow.extend({
  receivedAt: instant,
  userAgent: z.string().nullable(),
  factor: factor.nullable(),
  deviceId: z.string().nullable(),
  correlationId: z.string().nullable(),
  attributes: z.record(z.string(), attributeValue).nullable(),
  risk,
  /** Alerts that count this attempt as evidence. */
  alertIds: z.array(z.string()),
});
export type AttemptDetail = z.infer<typeof attemptDetail>;

/** Stands for an unknown country (CLDR's code for it) and an unknown network (reserved by RFC 7607) where attempts are filtered. */
export const NO_COUNTRY = 'ZZ';
export const NO_NETWORK = 0;

/** Filters of `GET /api/v1/attempts` and its CSV export; all given ones must hold. */
export const attemptFilter = z.strictObject({
  subject: z.string().max(320).optional(),
  person: z.uuid().optional(),
  ip: z.union([z.ipv4(), z.ipv6()]).optional(),
  cidr: z.union([z.cidrv4(), z.cidrv6()]).optional(),
  asn: z.coerce.number().int().min(0).max(4_294_967_295).optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/)
    .optional(),
  outcome: outcome.optional(),
  reason: z.string().max(64).optional(),
  application: z.uuid().optional(),
  riskMin: z.coerce.number().int().min(0).max(100).optional(),
  riskMax: z.coerce.number().int().min(0).max(100).optional(),
  from: instant.optional(),
  to: instant.optional(),
});
export type AttemptFilter = z.infer<typeof attemptFilter>;
export const attemptQuery = attemptFilter.extend(pageQuery.shape);
export type AttemptQuery = z.infer<typeof attemptQuery>;

/** Longest stretch that is counted over everybody, in milliseconds; the attempts of one person are few and have no limit. */
const COUNTED_MAX_MS = 24 * 3_600_000;

/** Query of `GET /api/v1/attempts/counts`: the filters of the list, with a beginning. */
export const attemptCountQuery = attemptFilter
  .omit({ outcome: true })
  .extend({ from: instant })
  .refine(({ person, from, to }) => person !== undefined || msOf(to) - msOf(from) <= COUNTED_MAX_MS, {
    message: 'at most 24 hours, unless of one person',
    path: ['from'],
  });
export type AttemptCountQuery = z.infer<typeof attemptCountQuery>;
const msOf = (at: string | undefined): number => (at === undefined ? Date.now() : Date.parse(at));

/** How many attempts a filter finds, by outcome. */
export const attemptCounts = z.object({
  total: z.number().int(),
  success: z.number().int(),
  failure: z.number().int(),
  challenge: z.number().int(),
  blocked: z.number().int(),
});
export type AttemptCounts = z.infer<typeof attemptCounts>;
