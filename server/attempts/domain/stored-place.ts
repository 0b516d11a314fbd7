import type { Place } from '../../contracts/detection.js';

/** Place columns as they are stored; all are null where the place wasn't known. */
export type PlaceColumns = {
  country: string | null;
  region: string | null;
  city: string | null;
  latitude: number | null;
  longitude: number | null;
  accuracy_km: number | null;
};

export function placeOf(row: PlaceColumns): Place | null {
  if (row.country === null || row.latitude === null || row.longitude === null) return null;
  return {
    country: row.country,
    region: row.region,
    city: row.city,
    latitude: row.latitude,
    longitude: row.longitude,
    accuracyKm: row.accuracy_km ?? 0,
  };
}
