import type { Factor, NewAttempt } from '../../contracts/attempts.js';
import { subjectKind, type ApplicationName } from './applications.js';
import { DAY, SECOND } from './calendar.js';
import { userAgentOf, type Device } from './devices.js';
import type { Person } from './people.js';
import { hexOf, type Random } from './random.js';

/** An attempt as one of the company's applications reports it; `at` equals its `occurredAt` in milliseconds. */
export type SimulatedAttempt = { application: ApplicationName; at: number; attempt: NewAttempt & { id: string } };

/** Earlier first; ids decide between equals, so that the order never depends on how attempts were gathered. */
export const inTimeOrder = (a: SimulatedAttempt, b: SimulatedAttempt): number =>
  a.at - b.at || (a.attempt.id < b.attempt.id ? -1 : 1);

/** Gives ids `<prefix>-1`, `<prefix>-2`, …: the same event has the same id however often it is made. */
export type Ids = () => string;
export function idsFrom(prefix: string): Ids {
  let last = 0;
  return () => `${prefix}-${++last}`;
}

export const subjectOf = (person: Person, application: ApplicationName): string => person[subjectKind[application]];

/** Keyed hash of a password, as a source would make it; the password itself exists nowhere. */
export const fingerprint = (seed: number, password: string): string => hexOf(`${seed}/password/${password}`, 32);
export const passwordOf = (person: Person, version: number): string => `${person.index}/v${version}`;

export type Visit = {
  seed: number;
  person: Person;
  application: ApplicationName;
  device: Device;
  ip: string;
  ids: Ids;
  /** How many times the password was changed so far. */
  passwordVersion?: number;
};

type Result = Pick<NewAttempt, 'outcome' | 'reason' | 'factor'> & {
  /** Which password was tried, where one was. */
  password?: string;
  correlationId?: string;
  attributes?: NewAttempt['attributes'];
};

/** One attempt of a visit, with whatever its application reports besides. */
export function attemptOf(visit: Visit, at: number, result: Result): SimulatedAttempt {
  const { password, ...rest } = result;
  const { application, person, device, seed } = visit;
  const reported = Math.round(at);
  return {
    application,
    at: reported,
    attempt: {
      id: visit.ids(),
      occurredAt: new Date(reported).toISOString(),
      subject: subjectOf(person, application),
      ip: visit.ip,
      userAgent: userAgentOf(device, reported),
      deviceId: device.id,
      ...rest,
      ...(rest.outcome === 'success' && { sessionId: sessionOf(visit, reported) }),
      ...(password !== undefined && { passwordFingerprint: fingerprint(seed, password) }),
    },
  };
}

/** A device keeps its session with an application for the day, so renewals name the session they renew. */
const sessionOf = ({ seed, person, application, device }: Visit, at: number): string =>
  `s-${hexOf(`${seed}/${person.index}/${application}/${device.id}/${Math.floor(at / DAY)}`, 20)}`;

export type SignInStyle = {
  /** Chance of mistyping the password first. */
  typos: number;
  /** Chance that the second factor is asked for; a device seen lately is usually let through. */
  challenged: number;
};
export const usualStyle: SignInStyle = { typos: 0.035, challenged: 0.35 };

/** A sign-in by hand: perhaps a typing mistake, the password, perhaps the second factor, and in. Ends at `at`. */
export function signIn(visit: Visit, at: number, random: Random, style = usualStyle): SimulatedAttempt[] {
  const { factor } = visit.person;
  const correlationId = `c-${hexOf(`${visit.seed}/${visit.person.index}/${visit.application}/${at}`, 16)}`;
  const password = passwordOf(visit.person, visit.passwordVersion ?? 0);
  const made: SimulatedAttempt[] = [];
  const wrong = random.chance(style.typos) ? random.int(1, 2) : 0;
  for (let left = wrong; left > 0; left--) {
    const mistyped = `${password}/typo${random.int(1, 1e6)}`;
    made.push(failure(visit, at - (20 + 9 * left) * SECOND, 'wrong_password', 'password', mistyped));
  }
  if (factor === 'passkey') return [...made, attemptOf(visit, at, { outcome: 'success', factor, correlationId })];
  if (factor === 'password' || !random.chance(style.challenged)) {
    return [...made, attemptOf(visit, at, { outcome: 'success', factor: 'password', password, correlationId })];
  }
  made.push(
    attemptOf(visit, at - random.between(6, 18) * SECOND, {
      outcome: 'challenge',
      reason: 'factor_required',
      factor,
      password,
      correlationId,
    }),
  );
  if (random.chance(0.03)) made.push(missedFactor(visit, at, factor, correlationId));
  made.push(attemptOf(visit, at, { outcome: 'success', factor, correlationId }));
  return made;
}

function missedFactor(visit: Visit, at: number, factor: Factor, correlationId: string): SimulatedAttempt {
  const reason = factor === 'push' ? 'factor_timeout' : 'wrong_code';
  return attemptOf(visit, at - 4 * SECOND, { outcome: 'failure', reason, factor, correlationId });
}

/** A refused try. */
export const failure = (
  visit: Visit,
  at: number,
  reason: string,
  factor: Factor,
  password?: string,
): SimulatedAttempt =>
  attemptOf(visit, at, { outcome: 'failure', reason, factor, ...(password !== undefined && { password }) });

/** An open session carried on without the person doing anything. */
export const renewal = (
  visit: Visit,
  at: number,
  factor: Factor,
  attributes?: NewAttempt['attributes'],
): SimulatedAttempt => attemptOf(visit, at, { outcome: 'success', factor, ...(attributes && { attributes }) });
