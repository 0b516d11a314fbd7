import { localTime, weekdayOf, weekOf, type DayNumber } from './calendar.js';
import type { Person } from './people.js';
import { cities, travelHours, type City } from './places.js';
import { seeded } from './random.js';

/** A business trip; both days belong to it, the way there and back included. */
export type Trip = { to: City; first: DayNumber; last: DayNumber };

/** Mondays are counted in weeks since 29 December 1969, so this is the first day of a week. */
const mondayOf = (week: number): DayNumber => week * 7 - 3;

/** The trip a person is on, if any: at most one a week, Monday to Friday, one to three nights. */
export function tripOn(seed: number, person: Person, day: DayNumber): Trip | null {
  const week = weekOf(day);
  const random = seeded(seed, 'trip', person.index, week);
  if (!random.chance(person.travels)) return null;
  const to = random.pick(cities.filter(({ name }) => name !== person.city.name));
  const first = mondayOf(week) + random.int(0, 2);
  const last = first + random.int(1, 2);
  return day >= first && day <= last ? { to, first, last } : null;
}

/** Departure and arrival on the way there (09:00 from home) and on the way back (leaving at 15:00 local time there). */
export function legsOf(trip: Trip, person: Person): { out: [number, number]; back: [number, number] } {
  const hours = travelHours(person.city, trip.to) * 3_600_000;
  const outAt = localTime(person.city.zone, trip.first, 9);
  const backAt = localTime(trip.to.zone, trip.last, 15);
  return { out: [outAt, outAt + hours], back: [backAt, backAt + hours] };
}

/** Leave comes in whole weeks, about five a year; a sick day in fifty. */
export function isAbsent(seed: number, person: Person, day: DayNumber): boolean {
  if (seeded(seed, 'leave', person.index, weekOf(day)).chance(0.09)) return true;
  return seeded(seed, 'sick', person.index, day).chance(0.02);
}

/** Hours at which the three shifts begin; a crew changes shift every week. */
const shiftBegins = [6, 14, 22] as const;

/** Local hour at which a crew's shift begins, or null on its days off (each crew has two, spread over the week). */
export function shiftOn(crew: number, index: number, day: DayNumber): number | null {
  const dayOff = (index * 2) % 7;
  const weekday = weekdayOf(day);
  if (weekday === dayOff || weekday === (dayOff + 1) % 7) return null;
  return shiftBegins[(crew + weekOf(day)) % 3] ?? null;
}
