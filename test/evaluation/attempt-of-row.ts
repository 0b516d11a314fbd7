import { deviceClasses, type DeviceClass } from '../../server/contracts/detection.js';
import type { EnrichedAttempt } from '../../server/detection/domain/enriched-attempt.js';
import type { Observed } from './read-stream.js';

const APPLICATION = 'stream';

/** Seconds to milliseconds; the streams carry three decimals. */
const MS = 1000;

/** `Chrome 80.0` is the family Chrome. */
export const familyOf = (versioned: string): string => versioned.replace(/ [\d.]+$/, '');

/** The attempt as enrichment would hand it over, from the columns instead of the place database. */
export function attemptOf(row: Observed, id: string): EnrichedAttempt {
  const known = !row.user.startsWith('?');
  const os = familyOf(row.os);
  const browser = familyOf(row.browser);
  const device = deviceOf(row.device);
  return {
    id,
    occurredAt: Math.round(row.ts * MS),
    subjectKey: known ? row.user : `${APPLICATION}:${row.user}`,
    personId: known ? row.user : null,
    subjectKnown: known,
    applicationId: APPLICATION,
    outcome: row.success ? 'success' : 'failure',
    reason: row.success ? null : reasonOf(row.mfa, known),
    ip: row.ip,
    addressKey: row.ip,
    prefixKey: `${row.ip.slice(0, row.ip.lastIndexOf('.'))}.0/24`,
    network: { asn: row.asn === '' ? null : Number(row.asn), organisation: null, kind: 'unknown' },
    // Invented countries have no coordinates: impossible travel has tests of its own.
    place: { country: row.country, region: null, city: null, latitude: 0, longitude: 0, accuracyKm: EARTH_KM },
    client: { device, os, browser },
    clientKey: `${device}/${os}/${browser}`,
    userAgent: row.ua,
    factor: row.mfa === '' ? 'password' : 'push',
    deviceId: null,
    sessionId: null,
    passwordFingerprint: null,
  };
}

/** Half the equator: two circles of this size always touch. */
const EARTH_KM = 20_038;

function deviceOf(name: string): DeviceClass {
  return (deviceClasses as readonly string[]).includes(name) ? (name as DeviceClass) : 'unknown';
}

function reasonOf(mfa: string, known: boolean): string {
  if (mfa === 'denied') return 'factor_denied';
  if (mfa === 'timeout') return 'factor_timeout';
  return known ? 'wrong_password' : 'unknown_subject';
}
