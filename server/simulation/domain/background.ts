import { addressIn, blocksFor } from './networks.js';
import { idsFrom, type SimulatedAttempt } from './attempts.js';
import { dayAt, DAY, hourAt, isWeekend, MINUTE } from './calendar.js';
import type { Person } from './people.js';
import { hash32, hexOf, seeded, type Random } from './random.js';
import { carryOn, fetchMail, scanOn, type Actor } from './sign-ins.js';
import { worksAt, type Stay } from './stays.js';

/** Attempts a second over the whole company by the hour at headquarters, on a workday and on a free day. */
const workdayPace = [
  0.3, 0.3, 0.3, 0.3, 0.3, 0.35, 0.5, 0.75, 1.05, 1.25, 1.2, 1.1, 0.9, 0.9, 1.15, 1.15, 1.05, 0.9, 0.7, 0.6, 0.5, 0.45,
  0.4, 0.33,
];
const freeDayPace = [
  0.3, 0.3, 0.3, 0.3, 0.3, 0.3, 0.32, 0.36, 0.4, 0.5, 0.6, 0.6, 0.55, 0.5, 0.5, 0.5, 0.55, 0.55, 0.55, 0.5, 0.45, 0.4,
  0.35, 0.32,
];

/** Expected attempts a second at an instant, with the ten-minute ups and downs of real traffic. */
export function paceAt(seed: number, at: number): number {
  const day = dayAt('WET', at);
  const hour = Math.floor(hourAt('WET', at));
  const pace = (isWeekend(day) ? freeDayPace : workdayPace)[hour] ?? 0.3;
  return pace * seeded(seed, 'pace', Math.floor(at / (10 * MINUTE))).between(0.65, 1.35);
}

/**
 * The past holds one background attempt in this many: 30 days at the live pace would be 1.6 million rows, which tell
 * nothing more. What is kept are the very attempts (ids and times) that the live stream would have sent.
 */
export const HISTORY_SHARE = 60;

/** Looks up where somebody is, or undefined when out of reach. */
export type Whereabouts = (person: Person, at: number) => { stay: Stay; actor: Omit<Actor, 'ids'> } | undefined;

/** Everything that begins in one minute, of which `share` = n keeps about one in n. */
export function* backgroundIn(
  seed: number,
  minute: number,
  people: readonly Person[],
  whereabouts: Whereabouts,
  share: number,
): Generator<SimulatedAttempt> {
  const from = minute * MINUTE;
  const count = seeded(seed, 'minute', minute).poisson(paceAt(seed, from) * 60);
  for (let i = 0; i < count; i++) {
    const key = `${seed}/${minute}/${i}`;
    if (share > 1 && hash32(key) % share !== 0) continue;
    const random = seeded('background', key);
    const at = from + random.int(0, MINUTE - 1);
    const prefix = `b${hexOf(key, 8)}-${minute.toString(36)}-${i}`;
    if (random.chance(0.003)) yield strayTry(seed, at, prefix, random);
    else yield* something(people, whereabouts, at, prefix, random);
  }
}

/** How likely somebody in a place is to be the one who causes the next attempt. */
const liveliness = (stay: Stay): number => (worksAt(stay.spot) ? 1 : stay.spot === 'asleep' ? 0.12 : 0.3);

function something(
  people: readonly Person[],
  whereabouts: Whereabouts,
  at: number,
  prefix: string,
  random: Random,
): SimulatedAttempt[] {
  // Drawing again until somebody lively is found; at night nobody may be, and the minute is a little quieter.
  for (let tries = 0; tries < 12; tries++) {
    const person = random.pick(people);
    const found = whereabouts(person, at);
    if (!found || !random.chance(liveliness(found.stay))) continue;
    const actor: Actor = { ...found.actor, ids: idsFrom(prefix) };
    return act(actor, found.stay, at, random);
  }
  return [];
}

function act(actor: Actor, stay: Stay, at: number, random: Random): SimulatedAttempt[] {
  const busy = worksAt(stay.spot) && random.chance(0.8);
  if (busy && stay.spot === 'warehouse') return [scanOn(actor, stay, at, random)];
  return busy ? carryOn(actor, stay, at, random) : [fetchMail(actor, stay, at, random)];
}

const strayNames = [
  'admin',
  'root',
  'test',
  'backup',
  'scanner',
  'info',
  'support',
  'vpn',
  'guest',
  'postmaster',
] as const;

/** The internet's own noise: one try for a name that nobody here has, never twice from one address in a row. */
function strayTry(seed: number, at: number, prefix: string, random: Random): SimulatedAttempt {
  return {
    application: random.chance(0.7) ? 'VPN' : 'Webmail',
    at,
    attempt: {
      id: `${prefix}-1`,
      occurredAt: new Date(at).toISOString(),
      subject: random.pick(strayNames),
      outcome: 'failure',
      reason: 'unknown_subject',
      factor: 'password',
      ip: addressIn(random.pick(blocksFor('hosting')), random.int(150, 253)),
      userAgent: random.pick(['Go-http-client/2.0', 'python-requests/2.32.5', 'curl/8.16.0']),
      correlationId: `c-${hexOf(`${seed}/${Math.floor(at / DAY)}/${prefix}`, 16)}`,
    },
  };
}
