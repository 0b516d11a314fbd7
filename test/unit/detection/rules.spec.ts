import type { Risk, Signal, SignalKind } from '../../../server/contracts/detection.js';
import type { EnrichedAttempt } from '../../../server/detection/domain/enriched-attempt.js';
import { judge, learnSignIn } from '../../../server/detection/domain/judge.js';
import { createMemory, type DetectionMemory } from '../../../server/detection/domain/memory.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import { rules } from '../../../server/detection/domain/rules/index.js';
import { aMemory, anAttack, anAttempt, DAY, MINUTE, SECOND, series, singapore, T0, quarry } from './builders.js';

const riskOf = (attempt: EnrichedAttempt, memory: DetectionMemory): Risk => judge(attempt, memory, defaultPolicy).risk;

function find<K extends SignalKind>(risk: Risk, kind: K): Extract<Signal, { kind: K }> | undefined {
  return risk.signals.find((s): s is Extract<Signal, { kind: K }> => s.kind === kind);
}

function after(before: readonly EnrichedAttempt[], memory = aMemory()): DetectionMemory {
  for (const attempt of before) judge(attempt, memory, defaultPolicy);
  return memory;
}

const intruder = (given: Partial<EnrichedAttempt> = {}): EnrichedAttempt =>
  anAttack({ outcome: 'success', reason: null, ...given });

describe('what is new to a person', () => {
  test('country, network and device are each told with their evidence', () => {
    const risk = riskOf(intruder(), aMemory());
    expect(find(risk, 'new-country')?.evidence).toEqual({ country: 'SG', known: ['PT'] });
    expect(find(risk, 'new-network')?.evidence).toEqual({
      asn: 64496,
      organisation: 'Quarry Hosting',
      networkKind: 'hosting',
    });
    expect(find(risk, 'new-device')?.evidence).toEqual({ os: 'Linux', browser: 'Chrome' });
    expect(risk.level).toBe('high');
  });

  test('an ordinary sign-in scores nothing', () => {
    expect(riskOf(anAttempt(), aMemory())).toEqual({
      score: 0,
      level: 'low',
      signals: [],
      missing: [],
      policyVersion: 1,
    });
  });

  test.each<[string, Partial<EnrichedAttempt>, SignalKind]>([
    ['no place', { place: null }, 'new-country'],
    ['no network', { network: { asn: null, organisation: null, kind: 'unknown' } }, 'new-network'],
    [
      'no client',
      { client: { device: 'unknown', os: null, browser: null }, clientKey: 'unknown', userAgent: null },
      'new-device',
    ],
  ])('%s is missing, not new', (_, given, kind) => {
    const risk = riskOf(intruder(given), aMemory());
    expect(find(risk, kind)).toBeUndefined();
    expect(risk.missing).toHaveLength(1);
  });

  test('without history nothing is new, and the history is named as missing', () => {
    const risk = riskOf(anAttempt({ personId: 'mia' }), aMemory());
    expect(risk.signals.filter((s) => s.kind.startsWith('new-'))).toEqual([]);
    expect(risk.missing).toEqual(['history']);
  });

  test('a known device id is no new device, whatever the browser calls itself', () => {
    const memory = after([anAttempt({ deviceId: 'laptop' })]);
    const risk = riskOf(intruder({ deviceId: 'laptop' }), memory);
    expect(find(risk, 'new-device')).toBeUndefined();
    expect(find(risk, 'known-device')).toBeDefined();
  });

  test('a new browser version is no new device', () => {
    const risk = riskOf(anAttempt({ userAgent: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/141.0' }), aMemory());
    expect(find(risk, 'new-device')).toBeUndefined();
  });

  test('a new network right after a sign-in surprises more than after a long time', () => {
    const other = (occurredAt: number): number => {
      const memory = aMemory(['sam'], 4);
      judge(anAttempt({ occurredAt: T0 }), memory, defaultPolicy);
      const moved = intruder({ occurredAt, place: anAttempt().place });
      return find(riskOf(moved, memory), 'new-network')?.points ?? 0;
    };
    expect(other(T0 + 10 * MINUTE)).toBeGreaterThan(other(T0 + 40 * DAY));
  });

  test('somebody who always travels is judged as a traveller', () => {
    const traveller = createMemory(defaultPolicy);
    ['DE', 'FR', 'IT', 'SE', 'NO', 'DK'].forEach((country, i) => {
      const place = { country, region: null, city: null, latitude: 50, longitude: 8, accuracyKm: 1000 };
      judge(anAttempt({ occurredAt: T0 - (10 - i) * DAY, place }), traveller, defaultPolicy);
    });
    const points = (memory: DetectionMemory): number => find(riskOf(intruder(), memory), 'new-country')?.points ?? 0;
    expect(points(traveller)).toBeLessThan(points(aMemory(['sam'], 6)));
  });

  test('a country to which many colleagues came back is less strange than one nobody uses', () => {
    const people = Array.from({ length: 30 }, (_, i) => `person-${i}`);
    const alone = aMemory(['sam', ...people], 2);
    const shared = aMemory(['sam', ...people], 2);
    for (const personId of people) {
      for (const hours of [12, 6]) {
        const away = anAttempt({ personId, place: singapore, occurredAt: T0 - hours * 60 * MINUTE });
        learnSignIn(away, shared, defaultPolicy);
      }
    }
    const points = (memory: DetectionMemory): number => find(riskOf(intruder(), memory), 'new-country')?.points ?? 0;
    expect(points(shared)).toBeLessThan(points(alone));
  });
});

describe('an account that was not used for long', () => {
  const dormant = (days: number, given: Partial<EnrichedAttempt> = {}, memory = aMemory()) =>
    find(riskOf(intruder({ occurredAt: T0 + (days - 1) * DAY, ...given }), memory), 'dormant-account');
  const graded = defaultPolicy.score.dormant.grades.map(({ points }) => points);

  test.each([
    [29, undefined],
    [30, graded[0]],
    [89, graded[0]],
    [90, graded[1]],
    [364, graded[1]],
    [365, graded[2]],
    [4_000, graded[2]],
  ])('%i days: %p points', (days, points) => {
    const signal = dormant(days);
    expect(signal?.points).toBe(points);
    if (points !== undefined) expect(signal?.evidence).toEqual({ days });
  });

  test('is dormant for who tries to get in, too, at half the points', () => {
    expect(dormant(365, { outcome: 'failure', reason: 'wrong_password' })?.points).toBe(2);
  });

  test('is not for its owner at home, or on the way with the own device', () => {
    const { ip, network, place, clientKey, client } = anAttempt();
    expect(dormant(120, { ip, addressKey: ip, prefixKey: '198.51.100.0/24', network, place })).toBeUndefined();
    expect(dormant(120, { clientKey, client })).toBeUndefined();
  });

  test('is not where the person never signed in, or too seldom to tell what is long', () => {
    expect(dormant(400, { personId: 'mia', subjectKey: 'mia' })).toBeUndefined();
    expect(dormant(400, {}, aMemory(['sam'], 11))).toBeUndefined();
  });

  test('is not where the person stays away for as long as usual', () => {
    const seldom = () => {
      const visits = Array.from({ length: 12 }, (_, i) => anAttempt({ occurredAt: T0 - (1 + (11 - i) * 20) * DAY }));
      return after(visits, createMemory(defaultPolicy));
    };
    expect(dormant(160, {}, seldom())).toBeUndefined();
    expect(dormant(161, {}, seldom())?.evidence).toEqual({ days: 161 });
  });
});

describe('what reassures', () => {
  test('a known device takes points off, never below what there is', () => {
    const risk = riskOf(
      anAttempt({ network: { asn: 64999, organisation: null, kind: 'residential' }, ip: '192.0.2.5' }),
      aMemory(),
    );
    expect(find(risk, 'known-device')?.points).toBeLessThan(0);
    expect(find(risk, 'known-device')?.evidence.signIns).toBe(20);
    expect(risk.score).toBeGreaterThanOrEqual(0);
  });

  test('a known network takes points off a new device', () => {
    const phone = {
      client: { device: 'mobile', os: 'iOS', browser: 'Safari' } as const,
      clientKey: 'mobile/iOS/Safari',
      userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) Safari/604.1',
    };
    const risk = riskOf(anAttempt(phone), aMemory());
    expect(find(risk, 'new-device')?.points).toBeGreaterThan(0);
    expect(find(risk, 'known-network')?.points).toBeLessThan(0);
  });
});

describe('what the source is', () => {
  test.each(['hosting', 'vpn', 'tor'] as const)('%s is told', (kind) => {
    const risk = riskOf(intruder({ network: { asn: 64777, organisation: 'Any', kind } }), aMemory());
    expect(find(risk, 'hosting-network')?.evidence).toEqual({ networkKind: kind, organisation: 'Any' });
  });

  test('not when the person signs in through it anyway', () => {
    const memory = createMemory(defaultPolicy);
    judge(anAttempt({ network: quarry }), memory, defaultPolicy);
    expect(find(riskOf(anAttempt({ network: quarry, clientKey: 'x' }), memory), 'hosting-network')).toBeUndefined();
  });

  test.each(['python-requests/2.24.0', 'curl/8.5.0', 'Mozilla/5.0 HeadlessChrome/120.0', 'Go-http-client/1.1'])(
    '%s is a scripted client',
    (userAgent) => {
      expect(find(riskOf(intruder({ userAgent }), aMemory()), 'automation-client')?.evidence.client).toBe(userAgent);
    },
  );

  test('a service account with its usual client is not', () => {
    const script = { clientKey: 'bot//curl', userAgent: 'curl/8.5.0' };
    const memory = createMemory(defaultPolicy);
    judge(anAttempt(script), memory, defaultPolicy);
    expect(find(riskOf(anAttempt({ ...script, occurredAt: T0 + DAY }), memory), 'automation-client')).toBeUndefined();
  });
});

describe('what happened before', () => {
  const wrong = (n: number, given: Partial<EnrichedAttempt> = {}): EnrichedAttempt[] =>
    series(n, 20 * SECOND, (_, occurredAt) => anAttack({ occurredAt, ...given }));

  test.each([
    [2, undefined],
    [3, 3],
    [6, 6],
  ])('%i failures, then a success: %p in the evidence', (n, expected) => {
    const risk = riskOf(intruder({ occurredAt: T0 + 5 * MINUTE }), after(wrong(n)));
    expect(find(risk, 'failures-then-success')?.evidence.failures).toBe(expected);
  });

  test('failures of an hour ago and more are forgotten by it', () => {
    const risk = riskOf(intruder({ occurredAt: T0 + 70 * MINUTE }), after(wrong(6)));
    expect(find(risk, 'failures-then-success')).toBeUndefined();
  });

  test('an owner who mistypes at home stays low', () => {
    const memory = after(series(6, 15 * SECOND, (_, occurredAt) => anAttempt({ occurredAt, outcome: 'failure' })));
    const risk = riskOf(anAttempt({ occurredAt: T0 + 3 * MINUTE }), memory);
    expect(risk.level).toBe('low');
  });

  test('failures from places the person never used', () => {
    const risk = riskOf(anAttack({ occurredAt: T0 + 120 * MINUTE, ip: '203.0.113.80' }), after(wrong(3)));
    expect(find(risk, 'failures-from-unfamiliar-place')?.evidence).toEqual({
      failures: 3,
      hours: 2,
      countries: ['SG'],
      networks: 1,
    });
  });

  test('the owner at home does not pay for them', () => {
    const strangers = series(6, 20 * SECOND, (i, occurredAt) => anAttack({ occurredAt, ip: `203.0.${i}.1` }));
    const risk = riskOf(anAttempt({ occurredAt: T0 + 5 * MINUTE }), after(strangers));
    expect(risk.score).toBeLessThan(defaultPolicy.levels.medium);
    expect(find(risk, 'person-under-attack')).toBeUndefined();
  });

  test('a person under attack from several addresses', () => {
    const strangers = series(6, 20 * SECOND, (i, occurredAt) => anAttack({ occurredAt, ip: `203.0.113.${i}` }));
    const risk = riskOf(intruder({ occurredAt: T0 + 5 * MINUTE, ip: '203.0.113.99' }), after(strangers));
    expect(find(risk, 'person-under-attack')?.evidence).toEqual({ failures: 6, addresses: 6, minutes: 5 });
  });

  test('a source that fails as many others', () => {
    const others = series(40, 5 * SECOND, (i, occurredAt) => anAttack({ occurredAt, personId: `p${i}` }));
    const risk = riskOf(intruder({ occurredAt: T0 + 4 * MINUTE }), after(others));
    expect(find(risk, 'source-attacks-many')?.evidence).toEqual({ subjects: 40, failures: 40, minutes: 4 });
    expect(find(risk, 'source-attacks-many')?.points).toBeGreaterThan(10);
    expect(find(risk, 'source-fails-repeatedly')).toBeUndefined();
    expect(risk.level).toBe('critical');
  });

  test('a failed try of a spray is medium, like the others around it', () => {
    const others = series(40, 5 * SECOND, (i, occurredAt) => anAttack({ occurredAt, personId: `p${i}` }));
    const memory = after(others, aMemory(['sam']));
    expect(riskOf(anAttack({ occurredAt: T0 + 4 * MINUTE }), memory).level).toBe('medium');
  });

  test('colleagues who mistype in the same office are no attack on many', () => {
    const people = Array.from({ length: 10 }, (_, i) => `colleague-${i}`);
    const memory = aMemory(['sam', ...people]);
    people.forEach((personId) => judge(anAttempt({ personId, outcome: 'failure' }), memory, defaultPolicy));
    expect(find(riskOf(anAttempt({ occurredAt: T0 + MINUTE }), memory), 'source-attacks-many')).toBeUndefined();
  });

  test('an address that keeps failing', () => {
    const risk = riskOf(anAttack({ occurredAt: T0 + 2 * MINUTE }), after(wrong(5)));
    expect(find(risk, 'source-fails-repeatedly')?.evidence).toEqual({ failures: 5, minutes: 2 });
  });

  test('one hour later the address starts afresh', () => {
    const risk = riskOf(anAttack({ occurredAt: T0 + 60 * MINUTE }), after(wrong(5)));
    expect(find(risk, 'source-fails-repeatedly')).toBeUndefined();
  });

  test('an hour-long IPv6 attack that changes addresses within its /64 is one source', () => {
    const hops = series(5, 20 * SECOND, (i, occurredAt) => anAttack({ occurredAt, ip: `2001:db8:1:2:0:0:0:${i + 1}` }));
    const risk = riskOf(anAttack({ occurredAt: T0 + 2 * MINUTE, ip: '2001:db8:1:2:ffff:0:0:1' }), after(hops));
    expect(find(risk, 'source-fails-repeatedly')?.evidence.failures).toBe(5);
  });

  test.each([
    ['denied', 'factor_denied'],
    ['not answered', 'factor_timeout'],
  ])('challenges that were %s', (_, reason) => {
    const asked = series(4, MINUTE, (_i, occurredAt) => anAttack({ occurredAt, reason, factor: 'push' }));
    const risk = riskOf(intruder({ occurredAt: T0 + 5 * MINUTE, factor: 'push' }), after(asked));
    expect(find(risk, 'factor-fatigue')?.evidence).toEqual({ challenges: 4, minutes: 5 });
    expect(risk.level).toBe('critical');
  });

  test('a prompt and its refusal are one challenge, a prompt and its approval none', () => {
    const memory = aMemory();
    const push = { factor: 'push' };
    for (let i = 0; i < 5; i++) {
      judge(anAttempt({ ...push, outcome: 'challenge', occurredAt: T0 + i * MINUTE }), memory, defaultPolicy);
      judge(anAttempt({ ...push, occurredAt: T0 + i * MINUTE + SECOND }), memory, defaultPolicy);
    }
    expect(find(riskOf(intruder({ occurredAt: T0 + 6 * MINUTE }), memory), 'factor-fatigue')).toBeUndefined();
    for (let i = 7; i < 10; i++) {
      judge(anAttack({ ...push, outcome: 'challenge', occurredAt: T0 + i * MINUTE }), memory, defaultPolicy);
      judge(
        anAttack({ ...push, reason: 'factor_denied', occurredAt: T0 + i * MINUTE + SECOND }),
        memory,
        defaultPolicy,
      );
    }
    const risk = riskOf(intruder({ occurredAt: T0 + 11 * MINUTE }), memory);
    expect(find(risk, 'factor-fatigue')?.evidence.challenges).toBe(3);
  });

  test('what happens later by the clock of the source is not seen', () => {
    const later = series(8, 20 * SECOND, (_, occurredAt) => anAttack({ occurredAt: occurredAt + 5 * MINUTE }));
    expect(find(riskOf(anAttack({ occurredAt: T0 }), after(later)), 'source-fails-repeatedly')).toBeUndefined();
  });
});

test('every kind of signal has a rule', () => {
  expect(Object.keys(rules)).toHaveLength(21);
});
