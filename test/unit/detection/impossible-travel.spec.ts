import { networkKindOf } from '../../../server/attempts/domain/network-kind.js';
import type { Network, NetworkKind, Place } from '../../../server/contracts/detection.js';
import { nearestKm } from '../../../server/detection/domain/geography.js';
import { judge } from '../../../server/detection/domain/judge.js';
import { createMemory } from '../../../server/detection/domain/memory.js';
import { defaultPolicy, HOUR, MINUTE } from '../../../server/detection/domain/policy.js';
import { anAttempt, T0 } from './builders.js';

const at = (country: string, city: string, latitude: number, longitude: number, accuracyKm: number): Place => ({
  country,
  region: null,
  city,
  latitude,
  longitude,
  accuracyKm,
});

const places = {
  lisbon: at('PT', 'Lisbon', 38.72, -9.14, 20),
  almada: at('PT', 'Almada', 38.68, -9.16, 20),
  porto: at('PT', 'Porto', 41.15, -8.61, 20),
  madridWide: at('ES', 'Madrid', 40.42, -3.7, 500),
  madrid: at('ES', 'Madrid', 40.42, -3.7, 20),
  london: at('GB', 'London', 51.51, -0.13, 20),
  newYork: at('US', 'New York', 40.71, -74.01, 20),
  usSomewhere: at('US', '', 37.75, -97.82, 1000),
  singapore: at('SG', 'Singapore', 1.35, 103.82, 10),
  frankfurt: at('DE', 'Frankfurt', 50.11, 8.68, 20),
  anywhere: at('US', '', 47.6, -122.3, 9000),
  fiji: at('FJ', 'Suva', -18.14, 178.44, 20),
  samoa: at('WS', 'Apia', -13.83, -171.76, 20),
};

const satellite = networkKindOf('SPACEX-STARLINK');
const on = (kind: NetworkKind): Network => ({ asn: 64510, organisation: 'Any', kind });

interface Journey {
  from: Place | null;
  to: Place | null;
  after: number;
  fromKind?: NetworkKind;
  toKind?: NetworkKind;
  expected: boolean;
}

/** Signs in at one place, then at the other, and gives the signal of the second sign-in. */
function travel({ from, to, after, fromKind = 'residential', toKind = 'residential' }: Journey, given = {}) {
  const memory = createMemory(defaultPolicy);
  judge(anAttempt({ id: 'before', place: from, network: on(fromKind) }), memory, defaultPolicy);
  const then = anAttempt({ place: to, network: on(toKind), occurredAt: T0 + after, ip: '192.0.2.9', ...given });
  const { risk } = judge(then, memory, defaultPolicy);
  return { signal: risk.signals.find((s) => s.kind === 'impossible-travel'), missing: risk.missing };
}

const { lisbon, almada, porto, madridWide, madrid, london, newYork, usSomewhere, singapore } = places;
const { frankfurt, anywhere, fiji, samoa } = places;

describe('impossible travel', () => {
  test.each<[string, Journey]>([
    ['same metro, at once', { from: lisbon, to: almada, after: MINUTE, expected: false }],
    ['same country, below 500 km, at once', { from: lisbon, to: porto, after: MINUTE, expected: false }],
    ['neighbours with a wide circle, at once', { from: lisbon, to: madridWide, after: MINUTE, expected: false }],
    ['neighbours below 500 km, at once', { from: lisbon, to: madrid, after: MINUTE, expected: false }],
    ['a flight to London, 3 hours', { from: lisbon, to: london, after: 3 * HOUR, expected: false }],
    ['London in 40 minutes', { from: lisbon, to: london, after: 40 * MINUTE, expected: true }],
    ['a flight to New York, 8 hours', { from: lisbon, to: newYork, after: 8 * HOUR, expected: false }],
    ['New York in 3 hours', { from: lisbon, to: newYork, after: 3 * HOUR, expected: true }],
    ['a country only, 1,000 km, in 8 hours', { from: lisbon, to: usSomewhere, after: 8 * HOUR, expected: false }],
    ['a country only, 1,000 km, in 1 hour', { from: lisbon, to: usSomewhere, after: HOUR, expected: true }],
    ['Singapore at the same instant', { from: lisbon, to: singapore, after: 0, expected: true }],
    ['across the date line, 2 hours', { from: fiji, to: samoa, after: 2 * HOUR, expected: false }],
    ['to a VPN exit', { from: lisbon, to: singapore, after: HOUR, toKind: 'vpn', expected: false }],
    ['from a VPN exit', { from: singapore, to: lisbon, after: HOUR, fromKind: 'vpn', expected: false }],
    ['to a mobile carrier', { from: lisbon, to: newYork, after: HOUR, toKind: 'mobile', expected: false }],
    ['to Tor', { from: lisbon, to: newYork, after: HOUR, toKind: 'tor', expected: false }],
    ['to a data centre', { from: lisbon, to: newYork, after: HOUR, toKind: 'hosting', expected: false }],
    ['to no place', { from: lisbon, to: null, after: MINUTE, expected: false }],
    ['from no place', { from: null, to: singapore, after: MINUTE, expected: false }],
    // A satellite operator's address is at its ground station, or in a circle as wide as a continent: neither is where the person is.
    ['to a satellite operator', { from: lisbon, to: frankfurt, after: MINUTE, toKind: satellite, expected: false }],
    ['from a satellite operator', { from: newYork, to: lisbon, after: 0, fromKind: satellite, expected: false }],
    ['an unknown operator, placed in a wide circle', { from: lisbon, to: anywhere, after: 0, expected: false }],
    ['an unknown operator, placed exactly, is believed', { from: lisbon, to: frankfurt, after: HOUR, expected: true }],
    // Mobile carriers let people out wherever their gateway is, at home when abroad (roaming) or in the capital.
    [
      'a mobile carrier in the capital, at once',
      { from: porto, to: london, after: 0, toKind: 'mobile', expected: false },
    ],
    ['from a mobile carrier, at once', { from: newYork, to: lisbon, after: 0, fromKind: 'mobile', expected: false }],
    [
      'an unknown kind of network still counts',
      { from: lisbon, to: newYork, after: HOUR, toKind: 'unknown', expected: true },
    ],
  ])('%s', (_, journey) => {
    expect(travel(journey).signal !== undefined).toBe(journey.expected);
  });

  test('the evidence names both places, the nearest distance and the previous attempt', () => {
    const { signal } = travel({ from: lisbon, to: singapore, after: 40 * MINUTE, expected: true });
    expect(signal?.evidence).toEqual({
      fromCity: 'Lisbon',
      fromCountry: 'PT',
      toCity: 'Singapore',
      toCountry: 'SG',
      distanceKm: Math.round(nearestKm(lisbon, singapore)),
      minutes: 40,
      previousAttemptId: 'before',
    });
  });

  test('distance is on the great circle, less both accuracies', () => {
    expect(nearestKm({ ...lisbon, accuracyKm: 0 }, { ...singapore, accuracyKm: 0 })).toBeCloseTo(11_870, -2);
    expect(nearestKm(lisbon, singapore)).toBeCloseTo(
      nearestKm({ ...lisbon, accuracyKm: 30 }, { ...singapore, accuracyKm: 0 }),
    );
    expect(nearestKm(lisbon, almada)).toBe(0);
  });

  test('a missing place is named and adds nothing', () => {
    const { signal, missing } = travel({ from: lisbon, to: null, after: MINUTE, expected: false });
    expect(signal).toBeUndefined();
    expect(missing).toContain('place');
  });

  test('a device the person already used damps it, a known client family less so', () => {
    const points = (given: object): number => {
      const memory = createMemory(defaultPolicy);
      judge(anAttempt({ deviceId: 'laptop' }), memory, defaultPolicy);
      const then = anAttempt({ place: singapore, occurredAt: T0 + HOUR, ip: '192.0.2.9', ...given });
      return judge(then, memory, defaultPolicy).risk.signals.find((s) => s.kind === 'impossible-travel')?.points ?? 0;
    };
    const stranger = points({ clientKey: 'mobile/iOS/Safari' });
    expect(points({})).toBeLessThan(stranger);
    expect(points({ deviceId: 'laptop' })).toBeLessThan(points({}));
    expect(points({ deviceId: 'laptop' })).toBeGreaterThan(0);
  });

  test('a late arrival is compared with the journey in reverse', () => {
    const memory = createMemory(defaultPolicy);
    judge(anAttempt({ occurredAt: T0 }), memory, defaultPolicy);
    const earlier = anAttempt({ occurredAt: T0 - HOUR, place: newYork, ip: '192.0.2.9' });
    expect(judge(earlier, memory, defaultPolicy).risk.signals.map((s) => s.kind)).toContain('impossible-travel');
  });

  test('the last believable place counts, even when a VPN was used in between', () => {
    const memory = createMemory(defaultPolicy);
    judge(anAttempt({ occurredAt: T0 }), memory, defaultPolicy);
    judge(anAttempt({ occurredAt: T0 + MINUTE, place: london, network: on('vpn') }), memory, defaultPolicy);
    const then = anAttempt({ occurredAt: T0 + HOUR, place: newYork, ip: '192.0.2.9' });
    const signal = judge(then, memory, defaultPolicy).risk.signals.find((s) => s.kind === 'impossible-travel');
    expect(signal?.evidence).toMatchObject({ fromCity: 'Lisbon' });
  });
});
