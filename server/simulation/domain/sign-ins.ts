import { laptopAddress, phoneAddress } from './addresses.js';
import type { ApplicationName } from './applications.js';
import { attemptOf, renewal, signIn, type Ids, type SimulatedAttempt, type Visit } from './attempts.js';
import { dayOfMonth, MINUTE, type DayNumber } from './calendar.js';
import { programOn, terminals, type Device } from './devices.js';
import type { Person } from './people.js';
import { hash32, type Random } from './random.js';
import { worksAt, type Stay } from './stays.js';

/** What a visit needs besides the application and the device. */
export type Actor = { seed: number; person: Person; ids: Ids; passwordVersion: number };

export const laptopVisit = (actor: Actor, stay: Stay, application: ApplicationName, at: number): Visit => ({
  ...actor,
  application,
  device: application === 'VPN' ? programOn(actor.person.devices.laptop, 'vpn') : actor.person.devices.laptop,
  ip: laptopAddress(actor.person, stay, at),
});

export const phoneVisit = (actor: Actor, stay: Stay, at: number, random: Random): Visit => ({
  ...actor,
  application: 'Webmail',
  device: actor.person.devices.phone,
  ip: phoneAddress(actor.person, stay, at, random),
});

/** The warehouse hands out whichever terminal is charged. */
export function terminalVisit(actor: Actor, stay: Stay, at: number, random: Random): Visit {
  const device: Device = random.pick(terminals);
  return { ...actor, application: 'Warehouse terminals', device, ip: laptopAddress(actor.person, stay, at) };
}

/** Every sign-in by hand of a day, at the moments when people make them: arriving, after lunch, in the evening. */
export function signInsDuring(
  actor: Actor,
  stays: readonly Stay[],
  day: DayNumber,
  random: Random,
): SimulatedAttempt[] {
  const made: SimulatedAttempt[] = [];
  let beganWork = false;
  for (const stay of stays) {
    if (stay.spot === 'warehouse') made.push(...shiftSignIns(actor, stay, random));
    else if (worksAt(stay.spot)) {
      made.push(...(beganWork ? afterLunch(actor, stay, random) : beginWork(actor, stay, day, random)));
      beganWork = true;
    } else if ((stay.spot === 'home' || stay.spot === 'hotel') && random.chance(0.22)) {
      const at = random.between(stay.from, stay.to);
      made.push(...signIn(phoneVisit(actor, stay, at, random), at, random));
    }
  }
  return made;
}

function beginWork(actor: Actor, stay: Stay, day: DayNumber, random: Random): SimulatedAttempt[] {
  const made: SimulatedAttempt[] = [];
  let at = stay.from + random.between(1, 8) * MINUTE;
  const visit = (application: ApplicationName): void => {
    if (at < stay.to) made.push(...signIn(laptopVisit(actor, stay, application, at), at, random));
    at += random.between(1, 25) * MINUTE;
  };
  if (stay.spot !== 'office') visit('VPN');
  visit('Webmail');
  if (random.chance(0.8)) made.push(...openWiki(actor, stay, random));
  if (actor.person.writesCode && random.chance(0.9)) visit('Git');
  if (random.chance(payrollShare(actor.person, day))) visit('Payroll');
  return made;
}

/** Payslips come on the 25th; the payroll and finance teams are in there every day. */
function payrollShare(person: Person, day: DayNumber): number {
  if (person.team === 'Payroll' || person.team === 'Finance') return 0.8;
  return dayOfMonth(day) === 25 ? 0.5 : 0.02;
}

function afterLunch(actor: Actor, stay: Stay, random: Random): SimulatedAttempt[] {
  const made = random.chance(0.5) ? openWiki(actor, stay, random) : [];
  if (!random.chance(0.4)) return made;
  const at = random.between(stay.from, Math.min(stay.to, stay.from + 40 * MINUTE));
  return [...made, ...signIn(laptopVisit(actor, stay, 'Webmail', at), at, random)];
}

/** The wiki lets people in who are signed in elsewhere. */
function openWiki(actor: Actor, stay: Stay, random: Random): SimulatedAttempt[] {
  const at = random.between(stay.from, stay.to);
  return [renewal(laptopVisit(actor, stay, 'Wiki', at), at, 'sso')];
}

/** On a terminal at the start, after both breaks, and whenever another one was at hand. */
function shiftSignIns(actor: Actor, stay: Stay, random: Random): SimulatedAttempt[] {
  const moments = [0.01, 0.3, 0.66, random.between(0.05, 0.95)];
  return moments.flatMap((share) => {
    const at = stay.from + share * (stay.to - stay.from) + random.between(0, 6) * MINUTE;
    return at < stay.to ? signIn(terminalVisit(actor, stay, at, random), at, random) : [];
  });
}

/** What goes on without a hand: single sign-on renewals, code pushed with a key, a VPN line coming back. */
export function carryOn(actor: Actor, stay: Stay, at: number, random: Random): SimulatedAttempt[] {
  const draw = random.next();
  if (draw < 0.07) return signIn(laptopVisit(actor, stay, 'Webmail', at), at, random);
  if (draw < 0.5) return [renewal(laptopVisit(actor, stay, 'Webmail', at), at, 'sso')];
  if (actor.person.writesCode && draw < 0.8) {
    const visit = laptopVisit(actor, stay, 'Git', at);
    return [
      renewal({ ...visit, device: programOn(visit.device, 'git') }, at, 'key', {
        repository: repositoryFor(actor, at),
      }),
    ];
  }
  if (stay.spot !== 'office' && draw < 0.6) {
    return [renewal(laptopVisit(actor, stay, 'VPN', at), at, 'sso', { gateway: 'vpn-1' })];
  }
  return [renewal(laptopVisit(actor, stay, 'Wiki', at), at, 'sso')];
}

const repositories = ['berth-planner', 'tide-api', 'manifest-parser', 'infrastructure', 'customs-forms'] as const;
const repositoryFor = ({ person }: Actor, at: number): string =>
  repositories[hash32(`${person.index}/${Math.floor(at / 7_200_000)}`) % repositories.length] ?? repositories[0];

/** A terminal woken by the badge of whoever holds it. */
export function scanOn(actor: Actor, stay: Stay, at: number, random: Random): SimulatedAttempt {
  const visit = terminalVisit(actor, stay, at, random);
  return renewal(visit, at, 'key', { terminal: visit.device.id });
}

/** A phone fetching mail in a pocket. */
export function fetchMail(actor: Actor, stay: Stay, at: number, random: Random): SimulatedAttempt {
  const visit = phoneVisit(actor, stay, at, random);
  const device = programOn(visit.device, 'mail');
  if (random.chance(0.004)) {
    return attemptOf({ ...visit, device }, at, { outcome: 'failure', reason: 'expired', factor: 'sso' });
  }
  return renewal({ ...visit, device }, at, 'sso', { protocol: 'imap' });
}
