import type { NewAttempt } from '../../contracts/attempts.js';
import { DRILL_HOMES, DRILL_NETWORK_SIZE, type DrillAttack } from '../../contracts/drills.js';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Test subjects with a history, and the days of it. */
const PEOPLE = 128;
const HISTORY_DAYS = 14;
/** When slow attacks end, and quick ones begin, one after another: nothing may lie in the future. Attacks that follow each other within ten
 * minutes would be one for what is looked for over a whole application. */
const SLOW_UNTIL_MS = 4 * HOUR;
const QUICK_FROM_MS = 3 * HOUR;
const SLOT_MS = 12 * MINUTE;

const browsers = [142, 141, 140].flatMap((version) =>
  ['Windows NT 10.0; Win64; x64', 'Macintosh; Intel Mac OS X 10_15_7', 'X11; Linux x86_64'].map(
    (system) => `Mozilla/5.0 (${system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/${version}.0.0.0 Safari/537.36`,
  ),
);
/** Each attacker has a client of its own: a shared one would link the attacks to one. */
const scripts = {
  guess: 'python-requests/2.32.5',
  list: 'Go-http-client/2.0',
  proxies: 'okhttp/4.12.0',
  names: 'curl/8.9.1',
};
const browserOf = (network: number): string =>
  `Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:${112 + network}.0) Gecko/20100101 Firefox/${112 + network}.0`;

/** One attempt of a drill; `attack` is null for the honest life of the test subjects. */
export type PlannedAttempt = { attack: DrillAttack | null; at: number; attempt: NewAttempt };
export type DrillPlan = { history: PlannedAttempt[]; attacks: PlannedAttempt[] };

type Try = Pick<NewAttempt, 'subject' | 'ip'> & Partial<NewAttempt>;
type Planned = Try & { at: number };

/** No real person has such an address: RFC 2606 keeps `.invalid` from ever being one. */
const subjectOf = (person: number): string => `person-${String(person).padStart(2, '0')}@drill.invalid`;
const nobody = (number: number): string => `nobody-${number}@drill.invalid`;

/** An address in one of the invented networks. @param block which of its /24s */
export function drillAddress(network: number, block: number, host: number): string {
  const third = network * DRILL_NETWORK_SIZE + (block % DRILL_NETWORK_SIZE);
  return `198.${18 + Math.floor(third / 256)}.${third % 256}.${1 + (host % 254)}`;
}

const homeOf = (person: number): string =>
  drillAddress(person % DRILL_HOMES, Math.floor(person / DRILL_HOMES), 10 + person);

/** The whole of a drill in time order: what happens follows from when it is run, and from nothing else. */
export function planDrill(run: string, now: number): DrillPlan {
  let number = 0;
  const taken = new Set<number>();
  const finish = (attack: DrillAttack | null, { at, ...attempt }: Planned): PlannedAttempt => {
    // Each has a millisecond of its own, by which it is known again on the screen.
    let own = Math.floor(at);
    while (taken.has(own)) own += 1;
    taken.add(own);
    const failure = { outcome: 'failure', reason: 'wrong_password', factor: 'password' } as const;
    const id = `drill-${run}-${(number += 1)}`;
    return { attack, at: own, attempt: { id, occurredAt: new Date(own).toISOString(), ...failure, ...attempt } };
  };
  const inOrder = (planned: PlannedAttempt[]): PlannedAttempt[] => planned.sort((a, b) => a.at - b.at);
  const all = (Object.entries(attacks) as [DrillAttack, (startsAt: number) => Planned[]][]).map(
    ([attack, make], turn) => make(startOf(attack, turn, now)).map((each) => finish(attack, each)),
  );
  return {
    history: inOrder(honestDays(now).map((each) => finish(null, each))),
    attacks: inOrder(all.flat()),
  };
}

const startOf = (attack: DrillAttack, turn: number, now: number): number =>
  attack.startsWith('slow-') ? now - SLOW_UNTIL_MS : now - QUICK_FROM_MS + turn * SLOT_MS;

/** Everybody signs in from the own desk, once a day, at about the own hour. */
function honestDays(now: number): Planned[] {
  return Array.from({ length: PEOPLE * HISTORY_DAYS }, (_, index) => {
    const person = index % PEOPLE;
    const day = HISTORY_DAYS - Math.floor(index / PEOPLE);
    const at = now - day * DAY - 14 * HOUR + ((person * 7 + day * 3) % 60) * MINUTE + person * 11 * SECOND;
    return { at, ...owner(person) };
  });
}

const owner = (person: number): Try => ({
  subject: subjectOf(person),
  ip: homeOf(person),
  userAgent: browsers[person % browsers.length] ?? '',
  outcome: 'success',
  reason: undefined,
});

/** Networks of the attackers. Each attack has networks, clients and victims of its own, so that none is part of another one's incident. */
const rentedBy = (turn: number): number => DRILL_HOMES + turn;
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

/** What each attack tries. Slow ones are given when they end, the others when they begin. */
const attacks: Record<DrillAttack, (at: number) => Planned[]> = {
  'slow-brute-force': (now) =>
    times(24, (i) => ({
      at: now - 11 * HOUR + i * 25 * MINUTE,
      subject: subjectOf(0),
      ip: drillAddress(rentedBy(0), 0, 7),
      userAgent: browserOf(40 + 0),
    })),
  'slow-spray': (now) =>
    times(36, (i) => ({
      at: now - 10 * HOUR + i * 15 * MINUTE,
      subject: subjectOf(1 + i),
      ip: drillAddress(rentedBy(1), i, i),
      userAgent: browserOf(i),
    })),
  'brute-force': (at) =>
    times(30, (i) => ({
      at: at + i * 800,
      subject: subjectOf(40),
      ip: drillAddress(rentedBy(2), 0, 7),
      userAgent: scripts.guess,
    })),
  'distributed-brute-force': (at) =>
    times(16, (i) => ({
      at: at + i * 5 * SECOND,
      subject: subjectOf(41),
      ip: drillAddress(rentedBy(3), i, 20 + i),
      userAgent: browserOf(40 + 3),
    })),
  spray: (at) => [
    ...times(36, (i) => ({
      at: at + i * 3 * SECOND,
      subject: subjectOf(42 + (i % 18)),
      ip: drillAddress(rentedBy(4), 0, 7 + (i % 4)),
      userAgent: browserOf(40 + 4),
      passwordFingerprint: `season-${Math.floor(i / 18)}`,
    })),
    { ...entry(60, rentedBy(4)), at: at + 110 * SECOND },
  ],
  stuffing: (at) =>
    times(45, (i) => ({
      at: at + i * 2 * SECOND,
      ip: drillAddress(rentedBy(5), 0, 7 + (i % 3)),
      userAgent: scripts.list,
      ...listed(i, 61),
    })),
  enumeration: (at) =>
    times(20, (i) => ({
      at: at + i * SECOND,
      subject: nobody(1_000 + i),
      reason: 'unknown_subject',
      ip: drillAddress(rentedBy(9), 0, 7),
      userAgent: scripts.names,
    })),
  fatigue: (at) => [
    ...times(14, (i) => ({
      at: at + i * 6 * SECOND,
      subject: subjectOf(122),
      ip: drillAddress(rentedBy(10), 0, 7),
      userAgent: browserOf(40 + 10),
      correlationId: `push-${Math.floor(i / 2)}`,
      factor: 'push' as const,
      ...(i % 2 === 0
        ? { outcome: 'challenge' as const, reason: 'factor_required' }
        : { reason: i % 4 === 1 ? 'factor_denied' : 'factor_timeout' }),
    })),
    { ...entry(122, rentedBy(10)), at: at + 90 * SECOND, factor: 'push' },
  ],
  'unfamiliar-place': (at) =>
    times(8, (i) => ({
      at: at + i * 9 * SECOND,
      subject: subjectOf(123),
      ip: drillAddress(rentedBy(11), i, 40),
      userAgent: browserOf(40 + 11),
    })),
  takeover: (at) => [
    { at, ...owner(124) },
    ...times(3, (i) => ({
      at: at + (40 + i * 8) * SECOND,
      subject: subjectOf(124),
      ip: drillAddress(rentedBy(12), 0, 7),
      userAgent: browserOf(40 + 12),
    })),
    { ...entry(124, rentedBy(12)), at: at + 75 * SECOND },
  ],
  'distributed-stuffing': (at) =>
    times(60, (i) => ({
      at: at + i * 1_500,
      ip: drillAddress(rentedBy(6) + (i % 3), Math.floor(i / 3), 30 + i),
      userAgent: scripts.proxies,
      ...listed(i, 91),
    })),
};

/** A password that works for somebody else. */
const entry = (person: number, network: number): Try => ({
  subject: subjectOf(person),
  ip: drillAddress(network, 0, 7),
  userAgent: browserOf(36 + network),
  outcome: 'success',
  reason: undefined,
});

/** A leaked list: each third name never worked here. */
const listed = (index: number, from: number): Pick<NewAttempt, 'subject' | 'reason'> =>
  index % 3 === 2
    ? { subject: nobody(index), reason: 'unknown_subject' }
    : { subject: subjectOf(from + ((index * 2) % 30)), reason: 'wrong_password' };
