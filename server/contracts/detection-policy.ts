import { z } from 'zod';
import { signalKinds } from './detection.js';
import { THROTTLE_MINUTES } from './incidents.js';
import { instant } from './paging.js';

/** Signals that have points; the mark of an allowed source has none. */
export const scoredSignals = signalKinds.filter((kind) => kind !== 'allowed-source');
export type ScoredSignal = (typeof scoredSignals)[number];

/** Kinds of alert that detection looks for by thresholds. */
export const watchedKinds = [
  'suspicious-sign-in',
  'brute-force-person',
  'brute-force-source',
  'spray',
  'credential-stuffing',
  'user-enumeration',
  'failures-from-unfamiliar-place',
  'factor-fatigue',
] as const;

/** Most that a signal may weigh, in percent of its usual weight. */
export const WEIGHT_MAX = 300;
export const ALLOWED_MAX = 200;
/** How long the next sign-in is asked for more, in hours. */
export const CHALLENGE_HOURS = { least: 1, most: 336, usual: 72 } as const;
export const REASON_MAX = 300;

const between = (least: number, most: number) => z.number().int().min(least).max(most).optional();
const on = z.boolean().optional();

/**
 * Bounds of `count` and `windowMinutes` by kind. No count is above what one window holds, and no window longer than the quiet time
 * of its kind: beyond either a rule would be silent.
 */
export const watchBounds = {
  'brute-force-person': { count: [5, 50], windowMinutes: [10, 720] },
  'brute-force-source': { count: [3, 50], windowMinutes: [1, 60] },
  spray: { count: [4, 120], windowMinutes: [10, 60] },
  'credential-stuffing': { count: [5, 120] },
  'failures-from-unfamiliar-place': { count: [3, 50], windowMinutes: [60, 1_440] },
  'factor-fatigue': { count: [2, 20], windowMinutes: [5, 120] },
} as const;

const watched = (kind: keyof typeof watchBounds) => {
  const bounds: { count: readonly [number, number]; windowMinutes?: readonly [number, number] } = watchBounds[kind];
  return { count: between(...bounds.count), windowMinutes: between(...(bounds.windowMinutes ?? [0, 0])) };
};
/** From how many failures, refused prompts or people on, and within how many minutes. */
const counted = (kind: keyof typeof watchBounds) => z.strictObject({ on, ...watched(kind) }).optional();
const onlyCounted = (kind: 'credential-stuffing') => z.strictObject({ on, count: watched(kind).count }).optional();
const onlyOn = z.strictObject({ on }).optional();

const until = { reason: z.string().trim().min(3).max(REASON_MAX), until: instant };

/**
 * A source that is known and harmless until a day: it raises no alert as a source and adds no points as one. Whoever signs in from
 * it is still judged by device, hour and what happened to the account.
 */
export const allowedSource = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('network'),
    /** An address or a network, like `203.0.113.9` or `2001:db8:7::/48`. */
    network: z.union(
      [z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()],
      'must be an address or a network like 203.0.113.0/24',
    ),
    ...until,
  }),
  z.strictObject({ kind: z.literal('asn'), asn: z.number().int().min(1).max(4_294_967_295), ...until }),
  z.strictObject({ kind: z.literal('application'), applicationId: z.uuid(), ...until }),
]);
export type AllowedSource = z.infer<typeof allowedSource>;

/** Severities of alerts that something may follow from by itself. */
export const respondedSeverities = ['medium', 'high', 'critical'] as const;
export type RespondedSeverity = (typeof respondedSeverities)[number];

/** What happens by itself, besides telling people, once an alert has a severity. */
const response = z
  .strictObject({
    /** End the sessions at Gatehouse that the attempts of the alert opened. */
    endSessions: on,
    /** Refuse sign-ins from where the alert comes from, for so long. */
    throttleSource: on,
    throttleMinutes: between(THROTTLE_MINUTES.least, THROTTLE_MINUTES.most),
    /** Ask a second factor at the next sign-in of those concerned, also on a trusted device, until it was shown or the time is over. */
    challengeNext: on,
    challengeHours: between(CHALLENGE_HOURS.least, CHALLENGE_HOURS.most),
  })
  .optional();

/** What an administrator may change of detection; what is left out is as Gatehouse comes. */
export const detectionSettings = z.strictObject({
  /** From which score on a sign-in is medium, high, critical; rising. High is where a sign-in alone raises an alert. */
  levels: z.strictObject({ medium: between(1, 100), high: between(1, 100), critical: between(1, 100) }).optional(),
  /** From which score on a second factor is asked, and a sign-in is refused whose source attacks others. */
  decisions: z.strictObject({ challengeFrom: between(1, 100), denyFrom: between(1, 100) }).optional(),
  /** What a signal weighs, in percent of its usual points; 0 = not at all. */
  weights: z.partialRecord(z.enum(scoredSignals), z.number().int().min(0).max(WEIGHT_MAX)).optional(),
  alerts: z
    .strictObject({
      'suspicious-sign-in': onlyOn,
      'brute-force-person': counted('brute-force-person'),
      'brute-force-source': counted('brute-force-source'),
      spray: counted('spray'),
      'credential-stuffing': onlyCounted('credential-stuffing'),
      'user-enumeration': onlyOn,
      'failures-from-unfamiliar-place': counted('failures-from-unfamiliar-place'),
      'factor-fatigue': counted('factor-fatigue'),
    })
    .optional(),
  allowed: z.array(allowedSource).max(ALLOWED_MAX).optional(),
  responses: z.strictObject({ medium: response, high: response, critical: response }).optional(),
});
export type DetectionSettings = z.infer<typeof detectionSettings>;

export const policyReason = z.string().trim().min(3).max(REASON_MAX);

/** New settings, which replace all of version `basedOn`. */
export const detectionPolicyChange = z.strictObject({
  settings: detectionSettings,
  reason: policyReason,
  basedOn: z.number().int(),
});
export type DetectionPolicyChange = z.infer<typeof detectionPolicyChange>;

export const restoreRequest = z.strictObject({ reason: policyReason, basedOn: z.number().int() });
export type RestoreRequest = z.infer<typeof restoreRequest>;
export const versionNumber = z.coerce.number().int().min(1).max(2_147_483_647);

/** One version of the policy; `author` is null for the one that Gatehouse comes with. */
export const detectionPolicyVersion = z.object({
  version: z.number().int(),
  author: z.string().nullable(),
  reason: z.string(),
  createdAt: instant,
  settings: detectionSettings,
});
export type DetectionPolicyVersion = z.infer<typeof detectionPolicyVersion>;

/** The version in force, and what holds where it says nothing. */
export const detectionPolicyView = detectionPolicyVersion.extend({ defaults: detectionSettings });
export type DetectionPolicyView = z.infer<typeof detectionPolicyView>;
