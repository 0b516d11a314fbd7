/** Mean radius of the earth (IUGG). */
const EARTH_KM = 6371;

interface Circle {
  latitude: number;
  longitude: number;
  accuracyKm: number;
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/** Great-circle distance between the nearest points of two circles of uncertainty, in kilometres; 0 if they touch. */
export function nearestKm(a: Circle, b: Circle): number {
  const dLat = radians(b.latitude - a.latitude);
  const dLon = radians(b.longitude - a.longitude);
  const cosines = Math.cos(radians(a.latitude)) * Math.cos(radians(b.latitude));
  const h = Math.sin(dLat / 2) ** 2 + cosines * Math.sin(dLon / 2) ** 2;
  const centres = 2 * EARTH_KM * Math.asin(Math.min(1, Math.sqrt(h)));
  return Math.max(0, centres - a.accuracyKm - b.accuracyKm);
}
