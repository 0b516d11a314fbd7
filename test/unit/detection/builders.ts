import type { Network, Place } from '../../../server/contracts/detection.js';
import type { Finding } from '../../../server/detection/domain/campaigns.js';
import type { EnrichedAttempt } from '../../../server/detection/domain/enriched-attempt.js';
import { judge } from '../../../server/detection/domain/judge.js';
import { createMemory, type DetectionMemory } from '../../../server/detection/domain/memory.js';
import { DAY, defaultPolicy, MINUTE, SECOND } from '../../../server/detection/domain/policy.js';

/** Tuesday, 10:00 UTC. */
export const T0 = Date.UTC(2026, 2, 3, 10);

export const lisbon: Place = {
  country: 'PT',
  region: null,
  city: 'Lisbon',
  latitude: 38.72,
  longitude: -9.14,
  accuracyKm: 20,
};
export const singapore: Place = {
  country: 'SG',
  region: null,
  city: 'Singapore',
  latitude: 1.35,
  longitude: 103.82,
  accuracyKm: 10,
};
export const home: Network = { asn: 64500, organisation: 'Tejo Fibra', kind: 'residential' };
export const quarry: Network = { asn: 64496, organisation: 'Quarry Hosting', kind: 'hosting' };

let made = 0;

/** A sign-in of Sam at home in Lisbon; what matters to a test is said by the test. */
export function anAttempt(given: Partial<EnrichedAttempt> & { ip?: string } = {}): EnrichedAttempt {
  const ip = given.ip ?? '198.51.100.7';
  const six = ip.includes(':');
  const person = given.personId === undefined ? 'sam' : given.personId;
  return {
    id: `attempt-${++made}`,
    occurredAt: T0,
    subjectKey: person ?? 'webmail:nobody',
    personId: person,
    subjectKnown: person !== null,
    applicationId: 'webmail',
    outcome: 'success',
    reason: null,
    ip,
    addressKey: six ? `${ip.split(':').slice(0, 4).join(':')}::/64` : ip,
    prefixKey: six ? `${ip.split(':').slice(0, 3).join(':')}::/48` : `${ip.split('.').slice(0, 3).join('.')}.0/24`,
    network: home,
    place: lisbon,
    client: { device: 'desktop', os: 'Windows', browser: 'Edge' },
    clientKey: 'desktop/Windows/Edge',
    userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/140.0',
    factor: 'password',
    deviceId: null,
    sessionId: null,
    passwordFingerprint: null,
    ...given,
  };
}

/** The same from Quarry Hosting in Singapore with Chrome on Linux. */
export function anAttack(given: Partial<EnrichedAttempt> = {}): EnrichedAttempt {
  return anAttempt({
    ip: '203.0.113.77',
    outcome: 'failure',
    reason: 'wrong_password',
    network: quarry,
    place: singapore,
    client: { device: 'desktop', os: 'Linux', browser: 'Chrome' },
    clientKey: 'desktop/Linux/Chrome',
    userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Chrome/139.0',
    ...given,
  });
}

/** Memory in which each of the people signed in at home once a day for twenty days before `T0`. */
export function aMemory(people: readonly string[] = ['sam'], days = 20): DetectionMemory {
  const memory = createMemory(defaultPolicy);
  for (let day = days; day >= 1; day--) {
    for (const personId of people) judge(anAttempt({ personId, occurredAt: T0 - day * DAY }), memory, defaultPolicy);
  }
  return memory;
}

/** What is found in attempts, as alerts would show it: the last finding of each dedup key. */
export function alertsOf(attempts: readonly EnrichedAttempt[], memory = aMemory()): Finding[] {
  const alerts = new Map<string, Finding>();
  for (const attempt of attempts) {
    for (const finding of judge(attempt, memory, defaultPolicy).findings) alerts.set(finding.dedupKey, finding);
  }
  return [...alerts.values()];
}

export const kindsOf = (alerts: readonly Finding[]): string[] => [...new Set(alerts.map((a) => a.kind))].sort();

/** `n` attempts, `every` milliseconds apart from `T0` on. */
export function series(
  n: number,
  every: number,
  make: (i: number, occurredAt: number) => EnrichedAttempt,
): EnrichedAttempt[] {
  return Array.from({ length: n }, (_, i) => make(i, T0 + i * every));
}

export { DAY, MINUTE, SECOND };
