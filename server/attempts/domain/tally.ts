import type { Outcome } from '../../contracts/attempts.js';
import type { Place, RiskLevel } from '../../contracts/detection.js';

/** What attempts are counted by. */
export type Dimension = 'person' | 'address' | 'network' | 'country' | 'place' | 'reason';

/** So many attempts of an application had this outcome and this value within an hour. */
export type Tally = {
  dimension: Dimension;
  applicationId: string;
  outcome: Outcome;
  /** Start of the hour in milliseconds since 1970. */
  bucket: number;
  value: string;
  attempts: number;
  critical: number;
};

/** What of a scored attempt is counted. */
export type Counted = {
  enriched: {
    applicationId: string;
    occurredAt: number;
    outcome: Outcome;
    reason: string | null;
    personId: string | null;
    addressKey: string;
    network: { asn: number | null };
    place: Place | null;
  };
  risk: { level: RiskLevel };
};

const HOUR_MS = 3_600_000;

/**
 * Counts by who, where and why. People, addresses and reasons are counted for attempts that did not succeed only: that is what they
 * are ranked by, and it is few rows on ordinary days. A name that belongs to nobody is not counted by name: whoever invents names
 * would make rows.
 */
export function tallyAttempts(scored: readonly Counted[]): Tally[] {
  const tallies = new Map<string, Tally>();
  for (const { enriched, risk } of scored) {
    const { applicationId, outcome, network, place } = enriched;
    const bucket = enriched.occurredAt - (enriched.occurredAt % HOUR_MS);
    const critical = risk.level === 'critical' ? 1 : 0;
    const common = `/${outcome}/${bucket}/${applicationId}/`;
    const count = (dimension: Dimension, value: string): void => {
      const key = dimension + common + value;
      const tally = tallies.get(key);
      if (tally) {
        tally.attempts += 1;
        tally.critical += critical;
      } else tallies.set(key, { dimension, applicationId, outcome, bucket, value, attempts: 1, critical });
    };
    count('network', network.asn === null ? '' : String(network.asn));
    count('country', place?.country ?? '');
    count('place', place ? placeKey(place) : '');
    if (outcome === 'success') continue;
    if (enriched.personId !== null) count('person', enriched.personId);
    count('address', enriched.addressKey);
    count('reason', enriched.reason ?? '');
  }
  // In one order, so that two transactions never wait for each other crosswise.
  return [...tallies].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, tally]) => tally);
}

/** A place in one text; the four decimals are what databases of places have. */
export function placeKey({ country, latitude, longitude, accuracyKm, city }: Place): string {
  return `${country}|${decimals(latitude)}|${decimals(longitude)}|${accuracyKm}|${city ?? ''}`;
}

/** The place that a key stands for; its region is not part of it. */
export function placeOfKey(key: string): Place | null {
  const [country, latitude, longitude, accuracyKm, ...city] = key.split('|');
  if (!country || latitude === undefined) return null;
  return {
    country,
    region: null,
    city: city.join('|') || null,
    latitude: Number(latitude),
    longitude: Number(longitude),
    accuracyKm: Number(accuracyKm),
  };
}

const decimals = (degrees: number): number => Math.round(degrees * 10_000) / 10_000;
