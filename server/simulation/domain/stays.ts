import { HOUR, localTime, weekdayOf, type DayNumber } from './calendar.js';
import { isAbsent, legsOf, shiftOn, tripOn, type Trip } from './journeys.js';
import type { Person } from './people.js';
import { isOfficeCity, type City } from './places.js';
import { seeded, type Random } from './random.js';

/** Where somebody is, which decides their address and what they are likely to do. */
export type Spot = 'asleep' | 'home' | 'home-desk' | 'office' | 'warehouse' | 'on-the-move' | 'hotel' | 'hotel-desk';
export type Stay = { spot: Spot; city: City; from: number; to: number };

/** Spots where somebody works with their laptop or a terminal. */
export const worksAt = (spot: Spot): boolean =>
  spot === 'office' || spot === 'home-desk' || spot === 'hotel-desk' || spot === 'warehouse';

/**
 * A person's local day as stays in time order. Gaps (flights, a walk without a phone) mean that nothing can happen.
 * A night shift reaches into the next morning, and that morning's day begins when they have slept.
 */
export function staysOn(seed: number, person: Person, day: DayNumber): Stay[] {
  const random = seeded(seed, 'stays', person.index, day);
  const trip = tripOn(seed, person, day);
  const absent = isAbsent(seed, person, day);
  if (trip && !absent) return tripDay(trip, person, day, random);
  if (person.rhythm.kind === 'shift') return shiftDay(person, absent ? null : day, day, random);
  const works = !absent && person.rhythm.workdays.includes(weekdayOf(day));
  return works ? deskDay(person, person.rhythm, day, random) : freeDay(person, day, random);
}

type Point = readonly [spot: Spot | null, untilHour: number];

/** Stays from local midnight on, each until the hour named; null leaves a gap. */
function stretch(city: City, day: DayNumber, points: readonly Point[], beginHour = 0): Stay[] {
  let from = beginHour;
  const stays: Stay[] = [];
  for (const [spot, until] of points) {
    if (spot && until > from) {
      stays.push({ spot, city, from: localTime(city.zone, day, from), to: localTime(city.zone, day, until) });
    }
    from = Math.max(from, until);
  }
  return stays;
}

function deskDay(
  person: Person,
  rhythm: Extract<Person['rhythm'], { kind: 'desk' }>,
  day: DayNumber,
  random: Random,
): Stay[] {
  const begins = rhythm.begins + random.normal(0, 0.25);
  const lunch = 12.3 + random.normal(0.4, 0.25);
  const ends = begins + rhythm.hours + random.normal(0.2, 0.5);
  const bedtime = 22.6 + random.normal(0, 0.5);
  const inOffice = rhythm.officeDays.includes(weekdayOf(day));
  const desk: Spot = inOffice ? 'office' : 'home-desk';
  const wayThere = inOffice ? 0.4 + random.between(0, 0.5) : 0;
  const wake = begins - wayThere - 0.9;
  return stretch(person.city, day, [
    ['asleep', wake],
    ['home', begins - wayThere],
    ['on-the-move', begins],
    [desk, lunch],
    [inOffice ? 'on-the-move' : 'home', Math.max(lunch + 0.6, lunch)],
    [desk, Math.max(ends, lunch + 1)],
    ['on-the-move', Math.max(ends, lunch + 1) + (inOffice ? wayThere : 0)],
    ['home', bedtime],
    ['asleep', 24],
  ]);
}

function freeDay(person: Person, day: DayNumber, random: Random): Stay[] {
  const goesOut = 10 + random.between(0, 5);
  const back = goesOut + random.between(1, 4);
  return stretch(person.city, day, [
    ['asleep', 8 + random.between(0, 1.5)],
    ['home', goesOut],
    ['on-the-move', back],
    ['home', 22.8 + random.normal(0, 0.5)],
    ['asleep', 24],
  ]);
}

/** `worked` is null on a day off. */
function shiftDay(person: Person, worked: DayNumber | null, day: DayNumber, random: Random): Stay[] {
  if (person.rhythm.kind !== 'shift') return [];
  const { crew } = person.rhythm;
  const nightBefore = shiftOn(crew, person.index, day - 1) === 22;
  const begins = worked === null ? null : shiftOn(crew, person.index, day);
  const early: Point[] = nightBefore
    ? [
        [null, 6.1],
        ['on-the-move', 6.6],
        ['asleep', 13],
      ]
    : [['asleep', begins === 6 ? 4.9 : 8 + random.between(0, 1)]];
  if (begins === null) return stretch(person.city, day, [...early, ['home', 22.5], ['asleep', 24]]);
  const late: Point[] = [
    ['home', begins - 0.6],
    ['on-the-move', begins - 0.1],
    ['warehouse', begins + 8],
  ];
  if (begins !== 22) late.push(['on-the-move', begins + 8.5], ['home', 22.9], ['asleep', 24]);
  return stretch(person.city, day, [...early, ...late]);
}

/** A day away: in the local office where there is one, otherwise working from the hotel and from customers' sites. */
function tripDay(trip: Trip, person: Person, day: DayNumber, random: Random): Stay[] {
  const { out, back } = legsOf(trip, person);
  const desk: Spot = isOfficeCity(trip.to.name) ? 'office' : 'hotel-desk';
  if (day === trip.first) {
    const atHome = stretch(person.city, day, [
      ['asleep', 6.5 + random.between(0, 0.5)],
      ['home', 8],
    ]);
    return [...atHome, ...evening(trip.to, day, out[1])];
  }
  const morning = stretch(trip.to, day, [
    ['asleep', 7],
    ['hotel', 8.4],
    ['on-the-move', 9],
    [desk, day === trip.last ? 12.5 : 17.5],
  ]);
  if (day < trip.last) return [...morning, ...evening(trip.to, day, localTime(trip.to.zone, day, 18))];
  const lastStop = localTime(trip.to.zone, day, 12.5);
  const waiting: Stay = { spot: 'on-the-move', city: trip.to, from: lastStop, to: back[0] - HOUR };
  return [...morning, waiting, ...evening(person.city, day, back[1], 'home')];
}

/** From arrival until midnight and asleep after 23:00; nothing at all when the arrival is later than that. */
function evening(city: City, day: DayNumber, arrival: number, spot: Spot = 'hotel'): Stay[] {
  const bedtime = localTime(city.zone, day, 23);
  if (arrival >= bedtime) return [];
  return [
    { spot, city, from: arrival, to: bedtime },
    { spot: 'asleep', city, from: bedtime, to: localTime(city.zone, day, 24) },
  ];
}

/** The stay that covers an instant, if any. */
export const stayAt = (stays: readonly Stay[], at: number): Stay | undefined =>
  stays.find(({ from, to }) => at >= from && at < to);
