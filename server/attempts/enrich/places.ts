import { readFile } from 'node:fs/promises';
import { type CityResponse, Reader } from 'maxmind';
import type { Place } from '../../contracts/detection.js';
import type { PlaceTable } from './place-table.js';
import { findRange, rangeKey } from './ranges.js';
import { readTable } from './tables.js';

/** Finds where an address probably is; null when the database doesn't know. */
export type FindPlace = (ip: string) => Place | null;

/** Radius assumed where the database names none: about the size of a country, so that it proves nothing by itself (km). */
const UNKNOWN_ACCURACY_KM = 1_000;

/** The database shipped with Gatehouse, or the operator's newer MMDB file. It takes some 60 MB: one process loads it. */
export async function openPlaces(mmdbPath: string | undefined, tables?: string): Promise<FindPlace> {
  if (mmdbPath !== undefined) {
    const reader = new Reader<CityResponse>(await readFile(mmdbPath));
    return (ip) => fromMmdb(reader.get(ip));
  }
  const table = await readTable<PlaceTable>('places', tables);
  return (ip) => {
    const index = findRange(table.indexes, rangeKey(ip));
    return index === undefined ? null : placeAt(table, index);
  };
}

function placeAt(table: PlaceTable, index: number): Place | null {
  const number = (column: 'name' | 'latitude' | 'longitude' | 'radius'): number => table[column][index] as number;
  const [country, region, city] = (table.names[number('name')] ?? '').split('|');
  if (!country || !/^[A-Z]{2}$/.test(country)) return null;
  return {
    country,
    region: region || null,
    city: city || null,
    latitude: number('latitude') / 10_000,
    longitude: number('longitude') / 10_000,
    accuracyKm: number('radius') || UNKNOWN_ACCURACY_KM,
  };
}

function fromMmdb(found: CityResponse | null): Place | null {
  if (!found?.country?.iso_code || !found.location) return null;
  return {
    country: found.country.iso_code,
    region: found.subdivisions?.[0]?.iso_code ?? null,
    city: found.city?.names.en ?? null,
    latitude: found.location.latitude,
    longitude: found.location.longitude,
    accuracyKm: found.location.accuracy_radius,
  };
}
