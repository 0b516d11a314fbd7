import { idsFrom, inTimeOrder, type SimulatedAttempt } from './attempts.js';
import { backgroundIn, HISTORY_SHARE, type Whereabouts } from './background.js';
import { DAY, dayAt, HOUR, MINUTE, type DayNumber } from './calendar.js';
import { drillKinds, makeDrill } from './drills.js';
import { mishapsDuring, passwordVersionOn } from './mishaps.js';
import type { Company, Person } from './people.js';
import { seeded } from './random.js';
import { signInsDuring, type Actor } from './sign-ins.js';
import { stayAt, staysOn, type Stay } from './stays.js';

export type Timeline = {
  /** Everything in [from, to) in time order, thinned to what a history needs. Milliseconds since 1970. */
  history(from: number, to: number): Generator<SimulatedAttempt>;
  /** Everything in [from, to) in time order at the live pace. */
  live(from: number, to: number): SimulatedAttempt[];
};

/** Local days kept at hand: those around the present one in every time zone, and one to spare. */
const DAYS_KEPT = 5;

/**
 * All that ever happens in the company, as a function of time: any stretch can be asked for, in any order and on any
 * machine, and gives the same attempts with the same ids. Hence a restart may send again what was sent before.
 */
export function timelineOf(company: Company): Timeline {
  const { seed, people } = company;
  const staysFor = remembered(DAYS_KEPT, (day) => people.map((person) => staysOn(seed, person, day)));
  const plannedOn = remembered(DAYS_KEPT, (day) => planDay(company, day, staysFor(day)));
  const pastDrillOn = remembered(DAYS_KEPT, (day) => pastDrill(company, day));
  const whereabouts: Whereabouts = (person, at) => {
    const day = dayAt(person.city.zone, at);
    // A night shift or an evening in another time zone belongs to the day on which it began.
    const stay = stayAt(staysFor(day - 1)[person.index] ?? [], at) ?? stayAt(staysFor(day)[person.index] ?? [], at);
    return stay && { stay, actor: { seed, person, passwordVersion: passwordVersionOn(person, day) } };
  };

  const within = (from: number, to: number, share: number): SimulatedAttempt[] => {
    const found: SimulatedAttempt[] = [];
    const keep = (attempt: SimulatedAttempt): void => {
      if (attempt.at >= from && attempt.at < to) found.push(attempt);
    };
    const lastDay = Math.floor((to - 1) / DAY) + 1;
    for (let day = Math.floor(from / DAY) - 1; day <= lastDay; day++) plannedOn(day).forEach(keep);
    if (share > 1) for (let day = Math.floor(from / DAY) - 1; day <= lastDay; day++) pastDrillOn(day).forEach(keep);
    // A sign-in by hand ends in its minute but may have begun up to a minute before it.
    for (let minute = Math.floor(from / MINUTE); minute <= Math.floor((to - 1) / MINUTE) + 1; minute++) {
      for (const attempt of backgroundIn(seed, minute, people, whereabouts, share)) keep(attempt);
    }
    return found.sort(inTimeOrder);
  };

  return {
    live: (from, to) => within(from, to, 1),
    *history(from, to) {
      for (let begin = from; begin < to; begin = Math.floor(begin / DAY + 1) * DAY) {
        yield* within(begin, Math.min(to, Math.floor(begin / DAY + 1) * DAY), HISTORY_SHARE);
      }
    },
  };
}

/** What everybody does by plan on their local day. */
function planDay({ seed, people }: Company, day: DayNumber, stays: readonly Stay[][]): SimulatedAttempt[] {
  return people.flatMap((person) => {
    const actor = actorOn(seed, person, day);
    const own = stays[person.index] ?? [];
    const signIns = signInsDuring(actor, own, day, seeded(seed, 'sign-ins', person.index, day));
    return [...signIns, ...mishapsDuring(actor, own, day)];
  });
}

const actorOn = (seed: number, person: Person, day: DayNumber): Actor => ({
  seed,
  person,
  ids: idsFrom(`p${person.index}-${day}-${seed.toString(36)}`),
  passwordVersion: passwordVersionOn(person, day),
});

/** Every sixth day the company was attacked as well, the kinds in turn: a history without any would not be honest. */
function pastDrill(company: Company, day: DayNumber): SimulatedAttempt[] {
  if (day % 6 !== 0) return [];
  const kind = drillKinds[(day / 6) % drillKinds.length] ?? 'spray';
  const at = day * DAY + seeded(company.seed, 'past drill', day).between(7, 20) * HOUR;
  return [...makeDrill(kind, company, Math.round(at))];
}

/** Remembers the latest few results of a function of the day. */
function remembered<T>(limit: number, make: (day: DayNumber) => T): (day: DayNumber) => T {
  const known = new Map<DayNumber, T>();
  return (day) => {
    let value = known.get(day);
    if (value === undefined) {
      value = make(day);
      known.set(day, value);
      for (const oldest of known.keys()) {
        if (known.size <= limit) break;
        known.delete(oldest);
      }
    }
    return value;
  };
}
