import type { Network, Signal, SignalKind } from '../../../server/contracts/detection.js';
import type { EnrichedAttempt } from '../../../server/detection/domain/enriched-attempt.js';
import { assess, judge } from '../../../server/detection/domain/judge.js';
import { createMemory, type DetectionMemory } from '../../../server/detection/domain/memory.js';
import { defaultPolicy, MINUTE } from '../../../server/detection/domain/policy.js';
import { aMemory, alertsOf, anAttack, anAttempt, DAY, SECOND, series, singapore, T0 } from './builders.js';

const crew = Array.from({ length: 30 }, (_, i) => `person-${i}`);
const people = ['sam', ...crew];

function find<K extends SignalKind>(attempt: EnrichedAttempt, memory: DetectionMemory, kind: K) {
  const { signals } = assess(attempt, memory, defaultPolicy).risk;
  return signals.find((s): s is Extract<Signal, { kind: K }> => s.kind === kind);
}

const taught = (attempts: readonly EnrichedAttempt[], memory: DetectionMemory): DetectionMemory => {
  for (const attempt of attempts) judge(attempt, memory, defaultPolicy);
  return memory;
};

describe('a version that was left behind', () => {
  const OLD = 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/131.0';
  const oldVersion = (personId: string, occurredAt: number) => anAttempt({ personId, occurredAt, userAgent: OLD });

  test('is told once nobody has used it for longer than versions last', () => {
    const users = crew.slice(0, 3).map((personId) => oldVersion(personId, T0));
    const memory = taught(users, aMemory(people));
    expect(find(oldVersion('sam', T0 + DAY), memory, 'outdated-client')).toBeUndefined();
    const told = find(oldVersion('sam', T0 + 60 * DAY), memory, 'outdated-client');
    expect(told?.evidence).toEqual({ os: 'Windows', browser: 'Edge', days: 60, own: false });
    expect(told?.points).toBeGreaterThan(0);
  });

  test('is not told of what only one or two people ever used: that is a person, not a version', () => {
    const users = crew.slice(0, 2).map((personId) => oldVersion(personId, T0));
    const memory = taught(users, aMemory(people));
    expect(find(oldVersion('sam', T0 + 60 * DAY), memory, 'outdated-client')).toBeUndefined();
  });

  test('the own version unchanged after months is told as such, not as a new one', () => {
    const later = anAttempt({ occurredAt: T0 + 120 * DAY, ip: '192.0.2.200' });
    const { signals } = assess(later, aMemory(), defaultPolicy).risk;
    expect(signals.find(({ kind }) => kind === 'new-version')).toBeUndefined();
    expect(find(later, aMemory(), 'outdated-client')?.evidence).toMatchObject({ days: 121, own: true });
    expect(find(anAttempt({ occurredAt: T0 }), aMemory(), 'outdated-client')).toBeUndefined();
  });
});

describe('a country from which strangers fail', () => {
  const fromElsewhere = anAttempt({
    place: singapore,
    ip: '192.0.2.9',
    network: { ...anAttempt().network, asn: 64999 },
  });
  const failures = series(40, MINUTE, (i, occurredAt) =>
    anAttack({ personId: crew[i % crew.length] ?? null, occurredAt, ip: `203.0.${i}.9` }),
  );
  const then = { ...fromElsewhere, occurredAt: T0 + 41 * MINUTE };

  test('makes a first sign-in from there hostile, from another network and client too', () => {
    expect(find(then, aMemory(people), 'hostile-source')).toBeUndefined();
    const told = find(then, taught(failures, aMemory(people)), 'hostile-source');
    expect(told?.evidence).toMatchObject({ scope: 'country', days: 7 });
    expect(told?.evidence.subjects).toBeGreaterThanOrEqual(20);
  });

  test('not for people who sign in from there anyway', () => {
    const visits = [...people].map((personId) => ({ ...fromElsewhere, personId, subjectKey: personId }));
    const memory = taught([...visits, ...failures], aMemory(people));
    expect(find(then, memory, 'hostile-source')).toBeUndefined();
  });
});

test('a new kind of device weighs more where the network is new as well', () => {
  const device = {
    client: { device: 'mobile', os: 'iOS', browser: 'Safari' },
    clientKey: 'mobile/iOS/Safari',
  } as const;
  const atHome = anAttempt({ ...device, userAgent: 'iPhone' });
  const elsewhere = {
    ...atHome,
    network: { ...atHome.network, asn: 64999 },
    ip: '192.0.2.9',
    prefixKey: '192.0.2.0/24',
    addressKey: '192.0.2.9',
  };
  const memory = aMemory();
  const points = (attempt: EnrichedAttempt): number => {
    const { signals } = assess(attempt, memory, defaultPolicy).risk;
    return signals.find(({ kind }) => kind === 'new-device')?.points ?? 0;
  };
  expect(points(elsewhere)).toBeGreaterThan(points(atHome));
});

describe('three hundred people behind one address', () => {
  const staff = Array.from({ length: 300 }, (_, i) => `colleague-${i}`);
  const own = (i: number): Partial<EnrichedAttempt> => ({
    personId: staff[i] as string,
    subjectKey: staff[i] as string,
    userAgent: `browser ${i % 240}`,
  });
  /** Each of them fails, three times as a rule, within two hours, 20 seconds apart, and then signs in. */
  const monday = (network: Network, ipOf = (_: number): string => '198.51.100.7', fails = 3): EnrichedAttempt[] =>
    staff
      .flatMap((_, i) =>
        Array.from({ length: fails + 1 }, (_unused, n) =>
          anAttempt({
            ...own(i),
            network,
            ip: ipOf(i),
            occurredAt: T0 + i * 24 * SECOND + n * 20 * SECOND,
            ...(n < fails ? { outcome: 'failure', reason: 'wrong_password' } : {}),
          }),
        ),
      )
      .sort((a, b) => a.occurredAt - b.occurredAt);
  const office: Network = { asn: 64500, organisation: 'Tejo Fibra', kind: 'residential' };
  const carrier: Network = { asn: 64501, organisation: 'Tejo Mobile', kind: 'mobile' };

  test.each([
    ['an office whose passwords ran out', office, '198.51.100.7', 0],
    ['an office, every fourth of it new there', office, '198.51.100.7', 4],
    ['a carrier whose people come from another address of it than before', carrier, '192.0.2.200', 0],
    ['a carrier, every fourth new to it', carrier, '192.0.2.200', 4],
  ])('%s: no alert, nobody suspicious', (_, network, before, newcomer) => {
    const memory = createMemory(defaultPolicy);
    for (let day = 10; day >= 1; day--) {
      staff.forEach((_person, i) => {
        const elsewhere = { network: { asn: 64600 + (i % 9), organisation: null, kind: 'residential' } } as const;
        const from =
          newcomer === 0 || i % newcomer > 0 ? { network, ip: before } : { ...elsewhere, ip: `203.0.${i % 250}.9` };
        judge(anAttempt({ ...own(i), ...from, occurredAt: T0 - day * DAY }), memory, defaultPolicy);
      });
    }
    const judged = monday(network).map((attempt) => ({ attempt, ...judge(attempt, memory, defaultPolicy) }));
    expect(judged.flatMap(({ findings }) => findings.map(({ kind }) => kind))).toEqual([]);
    const signedIn = judged.filter(({ attempt }) => attempt.outcome === 'success');
    expect(signedIn).toHaveLength(staff.length);
    expect(Math.max(...signedIn.map(({ risk }) => risk.score))).toBeLessThan(defaultPolicy.decisions.challengeFrom);
  });

  /** Everybody signed in at the former place on ten days. */
  const settled = (): DetectionMemory => {
    const memory = createMemory(defaultPolicy);
    for (let day = 10; day >= 1; day--)
      staff.forEach((_, i) => judge(anAttempt({ ...own(i), occurredAt: T0 - day * DAY }), memory, defaultPolicy));
    return memory;
  };
  const newOffice: Network = { asn: 64510, organisation: 'Minho Fibra', kind: 'residential' };
  const newCarrier: Network = { asn: 64511, organisation: 'Minho Mobile', kind: 'mobile' };
  const there = () => '203.0.113.7';

  test.each([
    ['an office that has moved', newOffice, there, 3],
    ['a company that has changed its carrier', newCarrier, (i: number) => `203.0.${i % 250}.${i % 2}`, 1],
  ])('%s, where everybody mistypes first: no alert', (_, network, ipOf, fails) => {
    const memory = settled();
    const judged = monday(network, ipOf, fails).map((attempt) => judge(attempt, memory, defaultPolicy));
    expect(judged.flatMap(({ findings }) => findings.map(({ kind }) => kind))).toEqual([]);
    expect(Math.max(...judged.map(({ risk }) => risk.score))).toBeLessThan(defaultPolicy.decisions.challengeFrom);
    const attack = monday(network, ipOf, 1).filter(({ outcome }) => outcome === 'failure');
    expect(alertsOf(attack, settled()).map(({ kind }) => kind)).toContain('spray');
  });

  test.each([
    ['ten people are tried by one client', 10, () => 'attack'],
    ['forty by many clients', 40, (i: number) => `attack ${i}`],
  ])('from an office that has moved %s: a spray of those', (_, n, clientOf) => {
    const tries = Array.from({ length: n }, (_unused, i) =>
      anAttempt({
        ...own(250 + i),
        userAgent: clientOf(i),
        ip: there(),
        network: newOffice,
        occurredAt: T0 + (20 + i / 6) * MINUTE,
        outcome: 'failure',
      }),
    );
    const all = [...monday(newOffice, there), ...tries].sort((a, b) => a.occurredAt - b.occurredAt);
    const found = alertsOf(all, settled()).find(({ kind }) => kind === 'spray');
    expect(found?.evidence.subjects).toBeGreaterThanOrEqual(n);
  });
});
