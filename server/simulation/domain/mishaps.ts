import { attemptOf, failure, passwordOf, type SimulatedAttempt, type Visit } from './attempts.js';
import { dayOfMonth, HOUR, MINUTE, monthOf, SECOND, weekdayOf, type DayNumber } from './calendar.js';
import { programOn } from './devices.js';
import type { Person } from './people.js';
import { seeded, type Random } from './random.js';
import { laptopVisit, phoneVisit, type Actor } from './sign-ins.js';
import { stayAt, worksAt, type Stay } from './stays.js';

/** Passwords run out on the first Monday of a month, a third of the company at a time. */
export const expiresOn = (person: Person, day: DayNumber): boolean =>
  weekdayOf(day) === 1 && dayOfMonth(day) <= 7 && (person.index + monthOf(day)) % 3 === 0;

/** How often a person's password was changed by a day: every third month, counted from 1970. */
export const passwordVersionOn = (person: Person, day: DayNumber): number => {
  const date = new Date(day * 86_400_000);
  const months = (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
  return Math.floor((months + (person.index % 3)) / 3);
};

/**
 * Honest trouble, which a good detector must not take for an attack: a forgotten password, a password that ran out,
 * a phone that goes on trying the old one every five minutes.
 */
export function mishapsDuring(actor: Actor, stays: readonly Stay[], day: DayNumber): SimulatedAttempt[] {
  const random = seeded(actor.seed, 'mishap', actor.person.index, day);
  const work = stays.find(({ spot }) => worksAt(spot) && spot !== 'warehouse');
  if (!work) return [];
  if (expiresOn(actor.person, day)) {
    const changed = passwordRunsOut(actor, work, random);
    return random.chance(0.1)
      ? [...changed, ...oldPasswordOnPhone(actor, stays, work.from + 40 * MINUTE, random)]
      : changed;
  }
  if (random.chance(0.004)) return forgottenPassword(actor, work, random);
  if (random.chance(0.002)) return oldPasswordOnPhone(actor, stays, work.from + HOUR, random);
  return [];
}

/** Five to thirteen tries, often a short lock, then in with a new password from the help desk. */
function forgottenPassword(actor: Actor, stay: Stay, random: Random): SimulatedAttempt[] {
  let at = stay.from + random.between(10, 40) * MINUTE;
  const visit = laptopVisit(actor, stay, 'Webmail', at);
  const made: SimulatedAttempt[] = [];
  for (let left = random.int(5, 13); left > 0; left--) {
    made.push(wrongPassword(visit, at, `guess${random.int(1, 4)}`));
    at += random.between(6, 35) * SECOND;
  }
  if (random.chance(0.5))
    made.push(attemptOf(visit, at, { outcome: 'blocked', reason: 'account_locked', factor: 'password' }));
  at += random.between(6, 15) * MINUTE;
  made.push(
    attemptOf(visit, at, { outcome: 'success', factor: 'password', password: `${passwordOf(actor.person, 0)}/reset` }),
  );
  return made;
}

function passwordRunsOut(actor: Actor, stay: Stay, random: Random): SimulatedAttempt[] {
  let at = stay.from + random.between(1, 30) * MINUTE;
  const visit = laptopVisit(actor, stay, 'Webmail', at);
  const old = passwordOf(actor.person, actor.passwordVersion - 1);
  const made = [attemptOf(visit, at, { outcome: 'failure', reason: 'expired', factor: 'password', password: old })];
  for (let left = random.int(0, 2); left > 0; left--) made.push(wrongPassword(visit, (at += 20 * SECOND), 'old habit'));
  at += random.between(1, 4) * MINUTE;
  const password = passwordOf(actor.person, actor.passwordVersion);
  made.push(attemptOf(visit, at, { outcome: 'success', factor: 'password', password }));
  return made;
}

/** Every five minutes for one to five hours, until somebody looks at the phone. */
function oldPasswordOnPhone(actor: Actor, stays: readonly Stay[], from: number, random: Random): SimulatedAttempt[] {
  const until = from + random.between(1, 5) * HOUR;
  const made: SimulatedAttempt[] = [];
  const old = passwordOf(actor.person, actor.passwordVersion - 1);
  for (let at = from; at < until; at += 5 * MINUTE + random.between(-2, 2) * SECOND) {
    const stay = stayAt(stays, at);
    if (!stay) continue;
    const visit = phoneVisit(actor, stay, at, random);
    made.push(failure({ ...visit, device: programOn(visit.device, 'mail') }, at, 'wrong_password', 'password', old));
  }
  return made;
}

const wrongPassword = (visit: Visit, at: number, guess: string): SimulatedAttempt =>
  failure(visit, at, 'wrong_password', 'password', `${passwordOf(visit.person, 0)}/${guess}`);
