import type { Zone } from './calendar.js';

export type City = { name: string; country: string; zone: Zone; latitude: number; longitude: number };

/** Where the company has an office; the first is the headquarters. */
export const officeCities = {
  Lisbon: { name: 'Lisbon', country: 'PT', zone: 'WET', latitude: 38.72, longitude: -9.14 },
  Rotterdam: { name: 'Rotterdam', country: 'NL', zone: 'CET', latitude: 51.92, longitude: 4.48 },
  Bergen: { name: 'Bergen', country: 'NO', zone: 'CET', latitude: 60.39, longitude: 5.32 },
  Krakow: { name: 'Krakow', country: 'PL', zone: 'CET', latitude: 50.06, longitude: 19.94 },
  Hamburg: { name: 'Hamburg', country: 'DE', zone: 'CET', latitude: 53.55, longitude: 9.99 },
} as const satisfies Record<string, City>;
export type OfficeCity = keyof typeof officeCities;

/** Where customers are, so where people travel besides the other offices. */
const customerCities: readonly City[] = [
  { name: 'London', country: 'GB', zone: 'WET', latitude: 51.51, longitude: -0.13 },
  { name: 'Paris', country: 'FR', zone: 'CET', latitude: 48.86, longitude: 2.35 },
  { name: 'Madrid', country: 'ES', zone: 'CET', latitude: 40.42, longitude: -3.7 },
  { name: 'Milan', country: 'IT', zone: 'CET', latitude: 45.46, longitude: 9.19 },
  { name: 'Copenhagen', country: 'DK', zone: 'CET', latitude: 55.68, longitude: 12.57 },
  { name: 'Prague', country: 'CZ', zone: 'CET', latitude: 50.08, longitude: 14.44 },
  { name: 'New York', country: 'US', zone: 'EST', latitude: 40.71, longitude: -74.01 },
];

export const cities: readonly City[] = [...Object.values(officeCities), ...customerCities];

export const isOfficeCity = (name: string): name is OfficeCity => name in officeCities;

/** Mean radius of the Earth in kilometres (IUGG). */
const EARTH_KM = 6371;

/** Great-circle distance in kilometres (haversine). */
export function distanceKm(from: City, to: City): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const halfLatitude = Math.sin(radians(to.latitude - from.latitude) / 2);
  const halfLongitude = Math.sin(radians(to.longitude - from.longitude) / 2);
  const flat = Math.cos(radians(from.latitude)) * Math.cos(radians(to.latitude));
  return 2 * EARTH_KM * Math.asin(Math.sqrt(halfLatitude ** 2 + flat * halfLongitude ** 2));
}

/**
 * Hours from door to door: about three on the ground and in queues, the rest at 750 km/h, which keeps every simulated
 * journey slower than any aeroplane.
 */
export const travelHours = (from: City, to: City): number => 3 + distanceKm(from, to) / 750;
