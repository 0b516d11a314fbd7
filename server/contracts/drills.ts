import { z } from 'zod';
import { alertKind } from './alerts.js';
import type { Network, Place } from './detection.js';
import { instant } from './paging.js';

/** Results that are kept. */
export const DRILLS_KEPT = 10;

/** Every attack of a drill, in the order in which they are run, with the kinds of alert of which one has to count its attempts. */
export const drillAttacks = {
  'slow-brute-force': ['brute-force-person', 'failures-from-unfamiliar-place'],
  'slow-spray': ['spray'],
  'brute-force': ['brute-force-source', 'brute-force-person'],
  'distributed-brute-force': ['brute-force-person'],
  spray: ['spray'],
  stuffing: ['credential-stuffing'],
  enumeration: ['user-enumeration'],
  fatigue: ['factor-fatigue'],
  'unfamiliar-place': ['failures-from-unfamiliar-place', 'brute-force-person'],
  takeover: ['suspicious-sign-in'],
  'distributed-stuffing': ['credential-stuffing'],
} as const satisfies Record<string, readonly z.infer<typeof alertKind>[]>;
export type DrillAttack = keyof typeof drillAttacks;
export const drillAttackNames = Object.keys(drillAttacks) as [DrillAttack, ...DrillAttack[]];

export const drillStates = ['waiting', 'running', 'done', 'cancelled', 'failed'] as const;
export const drillStages = ['preparing', 'history', 'attacks', 'judging', 'cleaning'] as const;

const milliseconds = z.number().int().nonnegative();
/** What became of one attack. Times are null where no alert came. */
export const drillOutcome = z.object({
  attack: z.enum(drillAttackNames),
  attempts: z.number().int(),
  expected: z.array(alertKind),
  /** Kinds of all alerts that count one of its attempts. */
  got: z.array(alertKind),
  caught: z.boolean(),
  /** How many attempts it took until the alert. */
  attemptsUntil: z.number().int().nullable(),
  /** From sending that attempt until its alert was stored, and until it was on a screen. */
  storedMs: milliseconds.nullable(),
  screenMs: milliseconds.nullable(),
});
export type DrillOutcome = z.infer<typeof drillOutcome>;

export const drillResult = z.object({
  outcomes: z.array(drillOutcome),
  /** Alerts about honest sign-ins of the test subjects alone. */
  falseAlerts: z.number().int(),
  attempts: z.number().int(),
  /** From sending an attempt until its row was on a screen, over those that came as rows: a flood is thinned. */
  rows: z.object({ seen: z.number().int(), medianMs: milliseconds.nullable(), p95Ms: milliseconds.nullable() }),
  /** What the drill left behind after cleaning up; all 0 when all is well. */
  left: z.record(z.enum(['applications', 'attempts', 'alerts', 'incidents', 'profiles', 'people']), z.number().int()),
  policyVersion: z.number().int(),
});
export type DrillResult = z.infer<typeof drillResult>;

export const drillView = z.object({
  id: z.uuid(),
  author: z.string(),
  createdAt: instant,
  finishedAt: instant.nullable(),
  state: z.enum(drillStates),
  stage: z.enum(drillStages).nullable(),
  /** Attempts sent so far, and in all. */
  sent: z.number().int(),
  total: z.number().int().nullable(),
  failure: z.string().nullable(),
  result: drillResult.nullable(),
});
export type DrillView = z.infer<typeof drillView>;

/**
 * Addresses of a drill are from 198.18.0.0/15, which RFC 2544 sets aside for tests of network devices: nobody signs in from there, and
 * place databases don't know it. Each block of eight /24s is one invented network in a real city, as numbers for documentation (RFC 5398).
 */
export const DRILL_RANGE = { first: 198, second: [18, 19] } as const;
/** Neighbourhoods (/24) of one invented network. */
export const DRILL_NETWORK_SIZE = 8;
type Home = readonly [country: string, city: string, latitude: number, longitude: number];
const homes: readonly Home[] = [
  ['PT', 'Lisbon', 38.72, -9.14],
  ['NL', 'Rotterdam', 51.92, 4.48],
  ['DE', 'Hamburg', 53.55, 9.99],
  ['PL', 'Krakow', 50.06, 19.94],
];
const rented: readonly Home[] = [
  ['SG', 'Singapore', 1.35, 103.82],
  ['BR', 'São Paulo', -23.55, -46.63],
  ['IN', 'Mumbai', 19.08, 72.88],
  ['JP', 'Tokyo', 35.68, 139.69],
];
/** Networks that people of a drill live in; the others are rented machines. */
export const DRILL_HOMES = homes.length;

/** Whose an address of a drill is, by the number of its network; the first four are homes. */
export function drillNetwork(number: number): { network: Network; place: Place } {
  const home = number < DRILL_HOMES;
  const places = home ? homes : rented;
  const [country, city, latitude, longitude] = places[number % places.length] ?? ['PT', 'Lisbon', 38.72, -9.14];
  return {
    network: {
      asn: number < 16 ? 64_496 + number : 65_536 + number - 16,
      organisation: `Drill ${home ? 'homes' : 'hosting'} ${number}`,
      kind: home ? 'residential' : 'hosting',
    },
    place: { country, region: null, city, latitude, longitude, accuracyKm: 20 },
  };
}
