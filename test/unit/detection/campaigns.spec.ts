import { judge, recall } from '../../../server/detection/domain/judge.js';
import type { EnrichedAttempt } from '../../../server/detection/domain/enriched-attempt.js';
import type { Finding } from '../../../server/detection/domain/campaigns.js';
import { createMemory } from '../../../server/detection/domain/memory.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import {
  aMemory,
  alertsOf,
  anAttack,
  anAttempt,
  DAY,
  kindsOf,
  MINUTE,
  SECOND,
  series,
  singapore,
  T0,
} from './builders.js';

const HOUR = 60 * MINUTE;
const unknown = (name: string, given: Partial<EnrichedAttempt> = {}): EnrichedAttempt =>
  anAttack({ personId: null, subjectKey: `webmail:${name}`, subjectKnown: false, ...given });
const only = (alerts: readonly Finding[], kind: string): Finding[] => alerts.filter((a) => a.kind === kind);

describe('one address that keeps failing', () => {
  test.each([
    ['three failures at once', 3, 0, false],
    ['four in a minute', 4, 15 * SECOND, false],
    ['five at once', 5, 0, true],
    ['five, the last exactly ten minutes after the first', 5, 2.5 * MINUTE, true],
    ['five, one millisecond too slow', 5, 2.5 * MINUTE + 1, false],
    ['one every half minute for ten minutes', 20, 30 * SECOND, true],
    ['one every five minutes for hours', 60, 5 * MINUTE, false],
  ])('%s', (_, n, every, expected) => {
    const alerts = alertsOf(
      series(n, every, (_i, occurredAt) => unknown('root', { occurredAt })),
      createMemory(defaultPolicy),
    );
    expect(only(alerts, 'brute-force-source').length > 0).toBe(expected);
  });

  test('the finding that opens it has all five, each later one grows it under the same key', () => {
    const memory = aMemory();
    const findings = series(9, 5 * SECOND, (_, occurredAt) => anAttack({ occurredAt })).flatMap((a) =>
      judge(a, memory, defaultPolicy).findings.filter((f) => f.kind === 'brute-force-source'),
    );
    expect(findings.map((f) => f.evidence.failures)).toEqual([5, 6, 7, 8, 9]);
    expect(findings.map((f) => f.opened)).toEqual([true, false, false, false, false]);
    expect(new Set(findings.map((f) => f.dedupKey)).size).toBe(1);
    expect(findings[0]).toMatchObject({ subject: '203.0.113.77', ip: '203.0.113.77', personId: null, score: null });
    expect(findings[0]?.evidence).toMatchObject({
      attempts: 5,
      subjects: 1,
      addresses: 1,
      topSubjects: [{ value: 'sam', count: 5, gotIn: false }],
      topAddresses: [{ value: '203.0.113.77', count: 5, asn: 64496, organisation: 'Quarry Hosting', country: 'SG' }],
    });
  });

  test('the same hour is one alert, after an hour of quiet it is another', () => {
    const burst = (from: number): EnrichedAttempt[] =>
      series(6, 10 * SECOND, (_, at) => anAttack({ occurredAt: at + from }));
    const keys = (bursts: number[]): number => only(alertsOf(bursts.flatMap(burst)), 'brute-force-source').length;
    expect(keys([0, 50 * MINUTE, 100 * MINUTE])).toBe(1);
    expect(keys([0, 62 * MINUTE])).toBe(2);
  });

  test('a forgotten password at home is no alert, and no alert when it is remembered', () => {
    const alerts = alertsOf([
      ...series(8, 15 * SECOND, (_, occurredAt) => anAttempt({ occurredAt, outcome: 'failure' })),
      anAttempt({ occurredAt: T0 + 3 * MINUTE }),
    ]);
    expect(alerts).toEqual([]);
  });

  test.each([
    ['thirty times in an hour', 30, 2 * MINUTE, 0],
    ['thirty-one times', 31, 15 * SECOND, 1],
    ['faster than anybody types', 5, 2 * SECOND, 1],
  ])('even at home a password is not forgotten %s', (_, n, every, expected) => {
    const failures = series(n, every, (_i, occurredAt) => anAttempt({ occurredAt, outcome: 'failure' }));
    expect(only(alertsOf(failures), 'brute-force-source')).toHaveLength(expected);
  });

  test('a mistyped name among the failures does not make an attack of it', () => {
    const alerts = alertsOf([
      unknown('smm', {
        ...anAttempt(),
        personId: null,
        outcome: 'failure',
        subjectKey: 'webmail:smm',
        subjectKnown: false,
      }),
      ...series(5, 15 * SECOND, (_, at) => anAttempt({ occurredAt: at + SECOND, outcome: 'failure' })),
    ]);
    expect(alerts).toEqual([]);
  });

  test('from a strange place it is medium, and whoever gets in raises it', () => {
    const failures = series(8, 5 * SECOND, (_, occurredAt) => anAttack({ occurredAt }));
    const [before] = only(alertsOf(failures), 'brute-force-source');
    const success = anAttack({ outcome: 'success', reason: null, occurredAt: T0 + MINUTE });
    const [afterwards] = only(alertsOf([...failures, success]), 'brute-force-source');
    expect(before?.severity).toBe('medium');
    expect(afterwards?.severity).toBe('critical');
    expect(afterwards?.score).toBeGreaterThanOrEqual(60);
    expect(afterwards?.evidence.topSubjects).toEqual([{ value: 'sam', count: 9, gotIn: true }]);
  });

  test('success without history raises it too', () => {
    const failures = series(15, 15 * SECOND, (_, at) =>
      anAttack({ occurredAt: at, personId: 'new', network: anAttempt().network }),
    );
    const success = anAttempt({ personId: 'new', ip: '203.0.113.77', occurredAt: T0 + 5 * MINUTE });
    const severities = [failures, [...failures, success]].map(
      (a) => only(alertsOf(a), 'brute-force-source')[0]?.severity,
    );
    expect(severities).toEqual(['medium', 'high']);
    expect(only(alertsOf(failures.slice(1)), 'brute-force-source')).toEqual([]);
  });

  test('a colleague who signs in from the same office is no part of it', () => {
    const memory = aMemory(['sam', 'ana']);
    const alerts = alertsOf(
      [
        ...series(40, 10 * SECOND, (_, occurredAt) => anAttempt({ occurredAt, outcome: 'failure' })),
        anAttempt({ personId: 'ana', occurredAt: T0 + 7 * MINUTE }),
      ],
      memory,
    );
    expect(alerts[0]?.evidence).toMatchObject({ subjects: 1, successes: 0 });
  });

  test('blocked tries count, challenges do not', () => {
    const of = (outcome: 'blocked' | 'challenge'): number =>
      only(alertsOf(series(5, SECOND, (_, occurredAt) => unknown('x', { occurredAt, outcome }))), 'brute-force-source')
        .length;
    expect([of('blocked'), of('challenge')]).toEqual([1, 0]);
  });

  test('an attacker who changes addresses within an IPv6 /64 is one source', () => {
    const hops = series(5, SECOND, (i, occurredAt) => unknown('root', { occurredAt, ip: `2001:db8:0:7:0:0:0:${i}` }));
    const rotated = hops.map((a) => ({ ...a, addressKey: '2001:db8:0:7::/64', prefixKey: '2001:db8:0::/48' }));
    expect(only(alertsOf(rotated), 'brute-force-source')).toMatchObject([{ subject: '2001:db8:0:7::/64' }]);
  });
});

describe('one person', () => {
  test('many sources: six tries from five neighbourhoods', () => {
    const tries = series(6, 10 * MINUTE, (i, occurredAt) => anAttack({ occurredAt, ip: `203.0.${i}.9` }));
    const [alert] = only(alertsOf(tries), 'brute-force-person');
    expect(alert).toMatchObject({ severity: 'medium', subject: 'sam', personId: 'sam', evidence: { addresses: 6 } });
    expect(only(alertsOf(tries.slice(0, 5)), 'brute-force-person')).toEqual([]);
  });

  test('one patient source: one try every ten minutes', () => {
    const tries = series(20, 10 * MINUTE, (_, occurredAt) => anAttack({ occurredAt }));
    expect(only(alertsOf(tries), 'brute-force-person')).toHaveLength(1);
    expect(only(alertsOf(tries.slice(0, 14)), 'brute-force-person')).toEqual([]);
  });

  test("the owner's own client with an old password every five minutes is quiet", () => {
    const stale = series(144, 5 * MINUTE, (_, occurredAt) => anAttempt({ occurredAt, outcome: 'failure' }));
    expect(alertsOf(stale)).toEqual([]);
  });

  test('what was failures from unfamiliar places and becomes guessing stays one alert', () => {
    const tries = series(40, 10 * MINUTE, (_, occurredAt) => anAttack({ occurredAt }));
    const alerts = alertsOf(tries);
    expect(alerts).toMatchObject([{ kind: 'brute-force-person', evidence: { attempts: 40, failures: 40 } }]);
    expect(kindsOf(alertsOf(tries.slice(0, 14)))).toEqual(['failures-from-unfamiliar-place']);
  });

  test('failures within an hour after a suspicious sign-in are joined with it', () => {
    const signIn = anAttack({ outcome: 'success', reason: null, occurredAt: T0 });
    const after = (since: number): string[] => {
      const tries = series(4, MINUTE, (_, at) => anAttack({ occurredAt: at + since, ip: '192.0.2.9' }));
      const [suspicious, failures] = alertsOf([signIn, ...tries]);
      expect([suspicious?.kind, failures?.kind]).toEqual(['suspicious-sign-in', 'failures-from-unfamiliar-place']);
      return failures!.joins.map((key) => (key === suspicious?.dedupKey ? 'the sign-in' : key));
    };
    expect(after(30 * MINUTE)).toEqual(['the sign-in']);
    expect(after(2 * HOUR)).toEqual([]);
  });

  test('failures from unfamiliar places: five elsewhere, four abroad', () => {
    const elsewhere = {
      network: { asn: 64800, organisation: 'Other', kind: 'residential' as const },
      place: anAttempt().place,
    };
    const count = (n: number, given: Partial<EnrichedAttempt>): number =>
      only(
        alertsOf(series(n, 30 * MINUTE, (_, occurredAt) => anAttack({ occurredAt, ...given }))),
        'failures-from-unfamiliar-place',
      ).length;
    expect([count(4, elsewhere), count(5, elsewhere)]).toEqual([0, 1]);
    expect([count(3, {}), count(4, {})]).toEqual([0, 1]);
  });

  test('their own device in their own country may forget a password; more is an attack that a success raises', () => {
    const hotel = { network: { asn: 64800, organisation: 'Hotel', kind: 'residential' as const }, ip: '192.0.2.44' };
    const wrong = (n: number): EnrichedAttempt[] =>
      series(n, 20 * SECOND, (_, occurredAt) => anAttempt({ occurredAt, outcome: 'failure', ...hotel }));
    const success = anAttempt({ occurredAt: T0 + 6 * MINUTE, ...hotel });
    const severity = (attempts: EnrichedAttempt[]): string | undefined =>
      only(alertsOf(attempts), 'brute-force-person')[0]?.severity;
    expect(severity([...wrong(14), success])).toBeUndefined();
    expect([severity(wrong(15)), severity([...wrong(15), success])]).toEqual(['high', 'critical']);
  });

  test('without history no place is unfamiliar', () => {
    const tries = series(10, 20 * MINUTE, (_, occurredAt) => anAttack({ occurredAt, personId: 'new' }));
    expect(only(alertsOf(tries), 'failures-from-unfamiliar-place')).toEqual([]);
  });

  test.each([
    ['four in half an hour', 4, 9 * MINUTE, 1],
    ['three in half an hour', 3, 9 * MINUTE, 0],
    ['five in two hours', 5, 28 * MINUTE, 1],
    ['four in two hours', 4, 28 * MINUTE, 0],
  ])('refused challenges: %s', (_, n, every, expected) => {
    const asked = series(n, every, (i, occurredAt) =>
      anAttack({ occurredAt, factor: 'push', reason: i % 3 === 2 ? 'factor_timeout' : 'factor_denied' }),
    );
    expect(only(alertsOf(asked), 'factor-fatigue')).toHaveLength(expected);
  });

  test('an approval at last makes fatigue critical; the owner at the own desk does not', () => {
    const asked = series(5, MINUTE, (_, occurredAt) => anAttack({ occurredAt, reason: 'factor_denied' }));
    const approved = anAttack({ outcome: 'success', reason: null, occurredAt: T0 + 6 * MINUTE });
    const severity = (last: EnrichedAttempt): string | undefined =>
      only(alertsOf([...asked, last]), 'factor-fatigue')[0]?.severity;
    expect(severity(approved)).toBe('critical');
    expect(severity(anAttempt({ occurredAt: T0 + 6 * MINUTE }))).toBe('high');
  });

  test('a suspicious sign-in is an alert by itself, and the next one within the hour is the same', () => {
    const signIn = (after: number): EnrichedAttempt =>
      anAttack({ outcome: 'success', reason: null, occurredAt: T0 + after });
    const alerts = alertsOf([signIn(0), signIn(MINUTE)]);
    expect(alerts).toMatchObject([
      { kind: 'suspicious-sign-in', severity: 'high', personId: 'sam', evidence: { attempts: 2 } },
    ]);
    expect(alerts[0]?.score).toBeGreaterThanOrEqual(60);
  });
});

describe('one source and many people', () => {
  const people = Array.from({ length: 60 }, (_, i) => `person-${i}`);
  const sprayed = (n: number, given: (i: number) => Partial<EnrichedAttempt> = () => ({})): EnrichedAttempt[] =>
    series(n, 20 * SECOND, (i, occurredAt) =>
      anAttack({ occurredAt, personId: people[i % 60] as string, ...given(i) }),
    );

  test('eight people are a spray, seven are not', () => {
    expect(only(alertsOf(sprayed(7)), 'spray')).toEqual([]);
    expect(only(alertsOf(sprayed(8)), 'spray')).toMatchObject([
      { severity: 'medium', subject: '203.0.113.77', evidence: { subjects: 8, addresses: 1 } },
    ]);
  });

  test('three addresses of one neighbourhood are one spray, and who got in makes it critical', () => {
    const tries = sprayed(41, (i) => ({ ip: `203.0.113.${77 + (i % 3)}` }));
    const success = anAttack({ personId: 'person-4', outcome: 'success', reason: null, occurredAt: T0 + 15 * MINUTE });
    const alerts = alertsOf([...tries, success], aMemory(people));
    expect(only(alerts, 'spray')).toMatchObject([
      { severity: 'critical', subject: '203.0.113.0/24', evidence: { subjects: 41, addresses: 3, successes: 1 } },
    ]);
    expect(only(alerts, 'spray')[0]?.evidence.topSubjects[0]).toEqual({ value: 'person-4', count: 2, gotIn: true });
  });

  test('an office on password-expiry Monday is quiet, also when half of it is new there', () => {
    const desks = (i: number): Partial<EnrichedAttempt> => ({
      ...anAttempt({ occurredAt: T0 + i * 20 * SECOND, outcome: 'failure', personId: people[i] as string }),
      ip: '198.51.100.7',
      userAgent: `client ${i}`,
    });
    const alerts = alertsOf(sprayed(25, desks), aMemory(people.slice(0, 12)));
    expect(only(alerts, 'spray')).toEqual([]);
    expect(only(alerts, 'credential-stuffing')).toEqual([]);
  });

  test('real and unknown names together are credential stuffing, not a spray as well', () => {
    const list = sprayed(30, (i) =>
      i % 3 === 0 ? {} : { personId: null, subjectKey: `webmail:leak${i}`, subjectKnown: false },
    );
    const alerts = alertsOf(list, aMemory(people));
    expect(only(alerts, 'credential-stuffing')).toMatchObject([{ severity: 'high', evidence: { subjects: 30 } }]);
    expect(only(alerts, 'spray')).toEqual([]);
  });

  test('only unknown names are guessing', () => {
    const guesses = series(10, SECOND, (i, occurredAt) => unknown(`name${i}`, { occurredAt }));
    expect(kindsOf(alertsOf(guesses))).toEqual(['brute-force-source', 'user-enumeration']);
  });

  test('stuffing through a new proxy for each try is found over the application', () => {
    const list = sprayed(60, (i) => ({
      ip: `203.${i}.113.5`,
      network: { asn: 65000 + i, organisation: null, kind: 'residential' },
      ...(i % 2 === 0 ? {} : { personId: null, subjectKey: `webmail:leak${i}`, subjectKnown: false }),
    })).map((a, i) => ({ ...a, occurredAt: T0 + i * 5 * SECOND }));
    const alerts = only(alertsOf(list, aMemory(people)), 'credential-stuffing');
    expect(alerts).toMatchObject([{ subject: 'webmail', evidence: { failures: 60, addresses: 60 } }]);
  });

  test('a neighbourhood that such a run stays in for a while is no alert of its own', () => {
    const everybody = Array.from({ length: 90 }, (_, i) => `person-${i}`);
    const list = sprayed(90, (i) => ({
      personId: everybody[i]!,
      ip: i < 60 ? `203.${i}.113.5` : '203.99.113.7',
      network: { asn: 65000, organisation: null, kind: 'residential' },
      ...(i % 2 === 0 ? {} : { personId: null, subjectKey: `webmail:leak${i}`, subjectKnown: false }),
    })).map((a, i) => ({ ...a, occurredAt: T0 + i * 5 * SECOND }));
    const alerts = only(alertsOf(list, aMemory(everybody)), 'credential-stuffing');
    expect(alerts).toMatchObject([{ subject: 'webmail', evidence: { failures: 90 } }]);
  });

  test('what such a run leaves on a network, with an honest failure beside it, is no spray as well', () => {
    const tried = (i: number, asn: number): Partial<EnrichedAttempt> => ({
      ip: `203.${i}.113.5`,
      network: { asn, organisation: null, kind: 'residential' },
      userAgent: `client ${i}`,
      ...(i % 3 === 0 ? {} : { personId: null, subjectKey: `webmail:leak${i}`, subjectKnown: false }),
    });
    const list = sprayed(80, (i) => tried(i, i < 60 ? 65000 + i : 65500)).map((attempt, i) => ({
      ...attempt,
      occurredAt: T0 + i * 5 * SECOND,
    }));
    const mistyped = anAttempt({ ...tried(90, 65500), outcome: 'failure', occurredAt: T0 + 10 * MINUTE });
    expect(kindsOf(alertsOf([...list, mistyped], aMemory(people)))).toEqual(['credential-stuffing']);
  });

  test('a slow spray from ever new addresses is found over the network', () => {
    const tries = sprayed(20, (i) => ({ ip: `203.0.${i}.${i}`, occurredAt: T0 + i * 30 * MINUTE }));
    const alerts = only(alertsOf(tries, aMemory(people)), 'spray');
    expect(alerts).toMatchObject([{ subject: 'AS64496', evidence: { subjects: 20 } }]);
  });

  test('a hundred thousand tries are one spray with exact numbers and ten names', () => {
    const memory = createMemory(defaultPolicy);
    let last: Finding | undefined;
    const keys = new Set<string>();
    for (let i = 0; i < 100_000; i++) {
      const attempt = anAttack({ occurredAt: T0 + i, personId: `victim-${i % 50_000}`, ip: `203.0.113.${i % 250}` });
      for (const f of judge(attempt, memory, defaultPolicy).findings) {
        if (f.kind === 'spray') [last] = [f];
        keys.add(f.dedupKey);
      }
    }
    expect(last?.evidence).toMatchObject({ subjects: 50_000, addresses: 250 });
    expect(last?.evidence.attempts).toBe(100_000);
    expect(last?.evidence.topSubjects).toHaveLength(10);
    expect([...keys].filter((k) => !k.startsWith('brute-force-source'))).toHaveLength(1);
  }, 60_000);
});

describe('order and time', () => {
  const attack = [
    ...series(12, 20 * SECOND, (i, occurredAt) => anAttack({ occurredAt, personId: `p${i}` })),
    ...series(8, 15 * SECOND, (_, at) => anAttack({ occurredAt: at + 2 * HOUR, ip: '192.0.2.200', personId: 'p3' })),
  ];
  const shuffled = (attempts: readonly EnrichedAttempt[], seed: number): EnrichedAttempt[] => {
    // Each is late by up to two minutes, by a fixed sequence.
    const keyed = attempts.map((a, i) => ({ a, key: a.occurredAt + ((i * 7919 + seed * 104729) % 120) * SECOND }));
    return keyed.sort((x, y) => x.key - y.key).map((x) => x.a);
  };
  const summary = (alerts: Finding[]): string[] => alerts.map((a) => `${a.dedupKey} ${a.evidence.failures}`).sort();

  test('the same attempts in the same order give the same judgements', () => {
    const run = (): unknown => {
      const memory = aMemory(['p1', 'p2', 'p3']);
      return attack.map((a) => judge(a, memory, defaultPolicy));
    };
    expect(run()).toEqual(run());
  });

  test.each([1, 2, 3, 4, 5])('shuffled within the allowed lateness (%i): the same alerts', (seed) => {
    const people = ['p1', 'p2', 'p3'];
    expect(summary(alertsOf(shuffled(attack, seed), aMemory(people)))).toEqual(
      summary(alertsOf(attack, aMemory(people))),
    );
  });

  test('a burst that is completed by its first try alerts', () => {
    const burst = series(5, 30 * SECOND, (_, occurredAt) => unknown('root', { occurredAt }));
    const reordered = [...burst.slice(1), burst[0] as EnrichedAttempt];
    expect(only(alertsOf(reordered), 'brute-force-source')).toHaveLength(1);
  });

  test('an old log that is replayed while the same address attacks live: both alert, each in its own time', () => {
    const memory = aMemory();
    const live = series(400, SECOND, (_, occurredAt) => unknown('root', { occurredAt }));
    const old = series(400, SECOND, (_, at) => unknown('root', { occurredAt: at - 21 * DAY }));
    const mixed = live.flatMap((a, i) => [a, old[i] as EnrichedAttempt]);
    const alerts = only(alertsOf(mixed, memory), 'brute-force-source');
    expect(alerts.map((a) => a.evidence.failures)).toEqual([400, 400]);
    expect(new Set(alerts.map((a) => a.dedupKey)).size).toBe(2);
  });

  test('a worker that starts anew finds the same alert again', () => {
    const tries = series(30, 20 * SECOND, (_, occurredAt) => anAttack({ occurredAt }));
    const [before] = only(alertsOf(tries), 'brute-force-source');
    const restarted = aMemory();
    for (const attempt of tries.slice(0, 20)) recall(attempt, restarted, defaultPolicy);
    const [afterwards] = only(alertsOf(tries.slice(20), restarted), 'brute-force-source');
    expect(afterwards).toMatchObject({ dedupKey: before?.dedupKey, evidence: before?.evidence });
  });

  test('severity never falls', () => {
    const ranks = ['low', 'medium', 'high', 'critical'];
    const memory = aMemory();
    const attempts = [
      ...series(6, 5 * SECOND, (_, occurredAt) => anAttack({ occurredAt })),
      anAttack({ outcome: 'success', reason: null, occurredAt: T0 + MINUTE, place: singapore }),
      ...series(10, 5 * SECOND, (_, at) => anAttack({ occurredAt: at + 2 * MINUTE })),
    ];
    const highest = new Map<string, number>();
    for (const f of attempts.flatMap((a) => judge(a, memory, defaultPolicy).findings)) {
      const rank = ranks.indexOf(f.severity);
      expect(rank).toBeGreaterThanOrEqual(highest.get(f.dedupKey) ?? 0);
      highest.set(f.dedupKey, rank);
    }
    expect(Math.max(...highest.values())).toBe(3);
  });
});
