import { z } from 'zod';

export const riskLevels = ['low', 'medium', 'high', 'critical'] as const;
export const riskLevel = z.enum(riskLevels);
export type RiskLevel = z.infer<typeof riskLevel>;

/** Kind of network an address belongs to. `private` and `reserved` are never looked up in a place database. */
export const networkKinds = [
  'residential',
  'mobile',
  'hosting',
  'vpn',
  'tor',
  'private',
  'reserved',
  'unknown',
] as const;
export const networkKind = z.enum(networkKinds);
export type NetworkKind = z.infer<typeof networkKind>;

export const deviceClasses = ['desktop', 'mobile', 'tablet', 'bot', 'unknown'] as const;
export const deviceClass = z.enum(deviceClasses);
export type DeviceClass = z.infer<typeof deviceClass>;

/** Where an address probably is. `accuracyKm` is the radius that holds the true place in most cases. */
export const place = z.object({
  country: z.string().length(2),
  region: z.string().nullable(),
  city: z.string().nullable(),
  latitude: z.number(),
  longitude: z.number(),
  accuracyKm: z.number().int().nonnegative(),
});
export type Place = z.infer<typeof place>;

export const network = z.object({
  asn: z.number().int().nullable(),
  organisation: z.string().nullable(),
  kind: networkKind,
});
export type Network = z.infer<typeof network>;

/** Families only: versions change weekly and say nothing about who it is. Unknown parts are null. */
export const client = z.object({ device: deviceClass, os: z.string().nullable(), browser: z.string().nullable() });
export type Client = z.infer<typeof client>;

const count = z.number().int().nonnegative();
const minutes = z.number().nonnegative();

const reason = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('new-country'),
    points: z.number(),
    evidence: z.object({ country: z.string(), known: z.array(z.string()).max(5) }),
  }),
  z.object({
    kind: z.literal('new-network'),
    points: z.number(),
    evidence: z.object({ asn: z.number().int(), organisation: z.string().nullable(), networkKind }),
  }),
  z.object({
    kind: z.literal('new-address'),
    points: z.number(),
    evidence: z.object({ ip: z.string(), asn: z.number().int().nullable(), organisation: z.string().nullable() }),
  }),
  z.object({
    kind: z.literal('new-device'),
    points: z.number(),
    evidence: z.object({ os: z.string().nullable(), browser: z.string().nullable() }),
  }),
  z.object({
    kind: z.literal('new-version'),
    points: z.number(),
    /** `another`: no device of the person can have become this one by updates. Not in what was stored before this was told apart. */
    evidence: z.object({
      os: z.string().nullable(),
      browser: z.string().nullable(),
      another: z.boolean().optional(),
    }),
  }),
  z.object({
    kind: z.literal('outdated-client'),
    points: z.number(),
    /** Since this person, or else anybody here, last signed in with the exact client. */
    evidence: z.object({ os: z.string().nullable(), browser: z.string().nullable(), days: count, own: z.boolean() }),
  }),
  z.object({
    kind: z.literal('impossible-travel'),
    points: z.number(),
    evidence: z.object({
      fromCity: z.string().nullable(),
      fromCountry: z.string(),
      toCity: z.string().nullable(),
      toCountry: z.string(),
      /** Between the nearest points of both accuracy circles. */
      distanceKm: z.number().nonnegative(),
      minutes,
      previousAttemptId: z.string().nullable(),
    }),
  }),
  z.object({
    kind: z.literal('failures-then-success'),
    points: z.number(),
    evidence: z.object({ failures: count, minutes }),
  }),
  z.object({
    kind: z.literal('failures-from-unfamiliar-place'),
    points: z.number(),
    evidence: z.object({ failures: count, hours: z.number(), countries: z.array(z.string()).max(5), networks: count }),
  }),
  z.object({
    kind: z.literal('person-under-attack'),
    points: z.number(),
    evidence: z.object({ failures: count, addresses: count, minutes }),
  }),
  z.object({
    kind: z.literal('source-attacks-many'),
    points: z.number(),
    evidence: z.object({ subjects: count, failures: count, minutes }),
  }),
  z.object({
    kind: z.literal('hostile-source'),
    points: z.number(),
    evidence: z.object({ scope: z.enum(['network', 'client', 'country']), subjects: count, days: count }),
  }),
  z.object({
    kind: z.literal('newcomers-together'),
    points: z.number(),
    evidence: z.object({ subjects: count, hours: count }),
  }),
  z.object({
    kind: z.literal('unfamiliar-hour'),
    points: z.number(),
    /** Hour of the day in UTC, sign-ins so far, and how many of them were within an hour of it. */
    evidence: z.object({ hour: z.number().int().min(0).max(23), signIns: count, nearThisHour: count }),
  }),
  z.object({
    kind: z.literal('dormant-account'),
    points: z.number(),
    /** Whole days since the last sign-in that was believed to be the person's. */
    evidence: z.object({ days: count }),
  }),
  z.object({
    kind: z.literal('source-fails-repeatedly'),
    points: z.number(),
    evidence: z.object({ failures: count, minutes }),
  }),
  z.object({
    kind: z.literal('factor-fatigue'),
    points: z.number(),
    evidence: z.object({ challenges: count, minutes }),
  }),
  z.object({
    kind: z.literal('hosting-network'),
    points: z.number(),
    evidence: z.object({ networkKind, organisation: z.string().nullable() }),
  }),
  /** What became of a sign-in: its person changed how the account is entered soon after it, from the same address. */
  z.object({
    kind: z.literal('credential-change-after-new-device'),
    points: z.number(),
    evidence: z.object({ change: z.enum(['password', 'factor', 'address']), minutes }),
  }),
  z.object({ kind: z.literal('automation-client'), points: z.number(), evidence: z.object({ client: z.string() }) }),
  z.object({ kind: z.literal('known-device'), points: z.number(), evidence: z.object({ signIns: count }) }),
  z.object({ kind: z.literal('known-network'), points: z.number(), evidence: z.object({ signIns: count }) }),
  /** The source is on the allow-list of the policy: nothing was counted against it. Has no points. */
  z.object({
    kind: z.literal('allowed-source'),
    points: z.literal(0),
    evidence: z.object({ source: z.string(), reason: z.string() }),
  }),
]);

/**
 * One rule that fired. `points` go into the score (negative = reassuring); `evidence` is typed by kind, and the
 * screen turns it into a sentence, so nothing here is prose. `uncut`: the points before a score that reached the end
 * of its scale was held to it, where it did; what the score would be without a reason follows from them.
 */
export const signal = reason.and(z.object({ uncut: z.number().int().optional() }));
export type Signal = z.infer<typeof signal>;
export type SignalKind = Signal['kind'];
export const signalKinds = reason.options.map(({ shape }) => shape.kind.value);

/** The score and what it is made of: `score` = the sum of the points, held to 0–100. */
export const risk = z.object({
  score: z.number().int().min(0).max(100),
  level: riskLevel,
  signals: z.array(signal),
  /** What could not be judged, e.g. `place`: missing knowledge is named, never counted as harmless. */
  missing: z.array(z.enum(['place', 'network', 'client', 'history'])),
  policyVersion: z.number().int(),
});
export type Risk = z.infer<typeof risk>;
