import { readFile } from 'node:fs/promises';
import geoip from 'geoip-lite';
import { type CityResponse, Reader } from 'maxmind';
import type { Place } from '../../contracts/detection.js';

/** Finds where an address probably is; null when the database doesn't know. */
export type FindPlace = (ip: string) => Place | null;

/** Radius assumed where the database names none: about the size of a country, so that it proves nothing by itself (km). */
const UNKNOWN_ACCURACY_KM = 1_000;

/** The database shipped with Gatehouse, or the operator's newer MMDB file. It takes about 150 MB: one process loads it. */
export async function openPlaces(mmdbPath: string | undefined): Promise<FindPlace> {
  if (mmdbPath === undefined) return findShipped;
  const reader = new Reader<CityResponse>(await readFile(mmdbPath));
  return (ip) => fromMmdb(reader.get(ip));
}

function findShipped(ip: string): Place | null {
  const found = geoip.lookup(ip);
  if (!found?.country || !/^[A-Z]{2}$/.test(found.country)) return null;
  const [latitude, longitude] = found.ll;
  return {
    country: found.country,
    region: found.region || null,
    city: found.city || null,
    latitude,
    longitude,
    accuracyKm: found.area > 0 ? found.area : UNKNOWN_ACCURACY_KM,
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
