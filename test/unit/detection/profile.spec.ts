import fc from 'fast-check';
import { Counter } from '../../../server/detection/domain/counter.js';
import { assess, judge, learnSignIn } from '../../../server/detection/domain/judge.js';
import type { EnrichedAttempt } from '../../../server/detection/domain/enriched-attempt.js';
import { createMemory } from '../../../server/detection/domain/memory.js';
import { defaultPolicy, HOUR, MINUTE } from '../../../server/detection/domain/policy.js';
import { decodeProfile, encodeProfile, type EncodedProfile } from '../../../server/detection/domain/profile.js';
import { aMemory, anAttack, anAttempt, DAY, series, singapore, T0 } from './builders.js';

const HALF = 90 * DAY;
const stored = (state: EncodedProfile): EncodedProfile => JSON.parse(JSON.stringify(state)) as EncodedProfile;

const signIns = fc.array(
  fc.record({
    day: fc.integer({ min: 0, max: 400 }),
    asn: fc.option(fc.integer({ min: 1, max: 4_294_967_295 })),
    third: fc.integer({ min: 0, max: 255 }),
    deviceId: fc.option(fc.string({ minLength: 1, maxLength: 20 })),
    abroad: fc.boolean(),
    version: fc.integer({ min: 80, max: 99 }),
  }),
  { maxLength: 60 },
);

test('a stored profile is exactly the one in memory', () => {
  fc.assert(
    fc.property(signIns, (list) => {
      const memory = createMemory(defaultPolicy);
      for (const { day, asn, third, deviceId, abroad, version } of list) {
        const network = { asn, organisation: null, kind: 'residential' as const };
        const place = abroad ? singapore : anAttempt().place;
        learnSignIn(
          anAttempt({
            occurredAt: T0 + day * DAY,
            network,
            deviceId,
            place,
            ip: `10.0.${third}.1`,
            userAgent: `Edg/${version}.0`,
          }),
          memory,
          defaultPolicy,
        );
      }
      const profile = memory.profiles.get('sam');
      if (profile === undefined) return;
      expect(decodeProfile(stored(encodeProfile(profile)))).toEqual(profile);
    }),
  );
});

test('its size is bounded whatever the person does', () => {
  const memory = createMemory(defaultPolicy);
  for (let i = 0; i < 2000; i++) {
    const network = { asn: 70_000 + i, organisation: 'Any', kind: 'residential' as const };
    const userAgent = `Mozilla/5.0 (Any ${i % 9}) Edge/${2000 - i}.${i}.${i} Any/${i}.1`;
    const given = {
      userAgent,
      network,
      ip: `10.${i % 250}.${i % 200}.1`,
      deviceId: `device ${i}`,
      clientKey: `client ${i}`,
    };
    learnSignIn(anAttempt({ occurredAt: T0 + i * DAY, ...given }), memory, defaultPolicy);
  }
  const profile = memory.profiles.get('sam');
  expect(profile?.signIns).toBe(2000);
  expect(JSON.stringify(encodeProfile(profile!)).length).toBeLessThan(3200);
});

test('a form of another version is read as no history', () => {
  const profile = aMemory().profiles.get('sam')!;
  expect(decodeProfile({ ...encodeProfile(profile), v: 0 })).toBeUndefined();
});

describe('learning', () => {
  test('failures, challenges and invented names never make or change a profile', () => {
    const memory = aMemory();
    memory.profiles.takeDirty();
    for (const outcome of ['failure', 'blocked', 'challenge'] as const) {
      judge(anAttack({ outcome }), memory, defaultPolicy);
      judge(
        anAttack({ outcome, personId: null, subjectKey: 'webmail:invented', subjectKnown: false }),
        memory,
        defaultPolicy,
      );
    }
    expect(memory.profiles.takeDirty()).toEqual([]);
    expect(memory.profiles.get('webmail:invented')).toBeUndefined();
  });

  test('a sign-in that scores high teaches nothing until it is confirmed', () => {
    const memory = aMemory();
    const attempt = anAttack({ outcome: 'success', reason: null });
    expect(judge(attempt, memory, defaultPolicy).risk.level).toBe('high');
    expect(memory.profiles.get('sam')?.signIns).toBe(20);
    learnSignIn(attempt, memory, defaultPolicy);
    expect(memory.profiles.get('sam')?.signIns).toBe(21);
    const again = anAttack({ outcome: 'success', reason: null, occurredAt: T0 + DAY });
    expect(judge(again, memory, defaultPolicy).risk.level).toBe('low');
  });

  describe('a strange sign-in', () => {
    const strange = (afterMs: number, network?: EnrichedAttempt['network']) =>
      anAttack({ outcome: 'success', reason: null, occurredAt: T0 + afterMs, ...(network && { network }) });
    const other = { asn: 64_600, organisation: 'Other', kind: 'tor' as const };

    test('is learnt when the same comes back half a day later and nobody objected', () => {
      const memory = aMemory();
      const levels = [0, 3 * HOUR, 13 * HOUR, 14 * HOUR].map(
        (afterMs) => judge(strange(afterMs), memory, defaultPolicy).risk.level,
      );
      expect(levels).toEqual(['high', 'high', 'high', 'low']);
      expect(memory.profiles.get('sam')?.signIns).toBe(22);
    });

    test('vouches for no other network', () => {
      const memory = aMemory();
      judge(strange(0), memory, defaultPolicy);
      expect(judge(strange(13 * HOUR, other), memory, defaultPolicy).risk.level).toBe('critical');
      expect(memory.profiles.get('sam')?.signIns).toBe(20);
    });

    test('is stored as a doubt, of which a few are kept', () => {
      const memory = aMemory();
      memory.profiles.takeDirty();
      for (let asn = 64_600; asn < 64_620; asn++) judge(strange(0, { ...other, asn }), memory, defaultPolicy);
      expect(memory.profiles.takeDirty()).toHaveLength(1);
      expect(memory.profiles.get('sam')?.doubts.encode()).toHaveLength(12);
    });
  });

  test('a day at one desk says no more about other days than a single sign-in of it', () => {
    const rare = createMemory(defaultPolicy);
    const frequent = createMemory(defaultPolicy);
    for (let day = -5; day < 0; day++) {
      judge(anAttempt({ occurredAt: T0 + day * DAY }), rare, defaultPolicy);
      for (let i = 0; i < 40; i++)
        judge(anAttempt({ occurredAt: T0 + day * DAY + i * MINUTE }), frequent, defaultPolicy);
    }
    const phone = anAttempt({ occurredAt: T0, clientKey: 'mobile/iOS/Safari', userAgent: 'iPhone', deviceId: null });
    const [once, often] = [rare, frequent].map((memory) => assess(phone, memory, defaultPolicy).risk.score);
    expect(Math.abs(often! - once!)).toBeLessThan(10);
    expect(often).toBeLessThan(defaultPolicy.levels.high);
  });

  test('a late sign-in counts but does not move the last place back', () => {
    const memory = aMemory();
    const before = memory.profiles.get('sam')?.lastPlace;
    learnSignIn(anAttempt({ occurredAt: T0 - 5 * DAY, place: singapore }), memory, defaultPolicy);
    expect(memory.profiles.get('sam')?.signIns).toBe(21);
    expect(memory.profiles.get('sam')?.lastPlace).toEqual(before);
  });

  test('changed profiles are handed over once, each once', () => {
    const memory = createMemory(defaultPolicy);
    for (const attempt of series(3, DAY, (_, occurredAt) => anAttempt({ occurredAt })))
      judge(attempt, memory, defaultPolicy);
    const taken = memory.profiles.takeDirty();
    expect(taken.map((d) => [d.subjectKey, d.profile.signIns])).toEqual([['sam', 3]]);
    expect(memory.profiles.takeDirty()).toEqual([]);
    judge(anAttempt({ occurredAt: T0 + 9 * DAY }), memory, defaultPolicy);
    expect(memory.profiles.takeDirty()).toHaveLength(1);
  });
});

describe('the store', () => {
  test('knows what is there, what is absent, and what it was not told', () => {
    const { profiles } = createMemory(defaultPolicy);
    const profile = aMemory().profiles.get('sam')!;
    expect(profiles.has('sam')).toBe(false);
    profiles.put('sam', profile);
    profiles.put('nobody', null);
    expect([profiles.has('sam'), profiles.has('nobody'), profiles.get('nobody')]).toEqual([true, true, undefined]);
  });

  test('a flood of absent names leaves real profiles in place, and changed ones stay until taken', () => {
    const { profiles } = createMemory(defaultPolicy, 10);
    const profile = aMemory().profiles.get('sam')!;
    profiles.put('sam', profile);
    for (let i = 0; i < 1000; i++) profiles.put(`invented ${i}`, null);
    expect(profiles.get('sam')).toBe(profile);
    profiles.changed('sam', profile);
    for (let i = 0; i < 1000; i++) profiles.put(`real ${i}`, profile);
    expect(profiles.get('sam')).toBe(profile);
    profiles.takeDirty();
    expect(profiles.get('sam')).toBeUndefined();
  });
});

describe('a counter', () => {
  test('halves with time, and one sign-in is forgotten after about a year', () => {
    const counter = new Counter();
    counter.add(7, T0, HALF, 8);
    expect(counter.seen(7, T0 + 300 * DAY, HALF, 0.06)).toBe(1);
    expect(counter.seen(7, T0 + 400 * DAY, HALF, 0.06)).toBe(0);
    for (let i = 0; i < 30; i++) counter.add(8, T0, HALF, 8);
    expect(counter.seen(8, T0 + 400 * DAY, HALF, 0.06)).toBe(30);
  });

  test('a full one forgets the weakest', () => {
    const counter = new Counter();
    [1, 1, 2, 3, 3, 3].forEach((value, i) => counter.add(value, T0 + i * DAY, HALF, 3));
    counter.add(4, T0 + 9 * DAY, HALF, 3);
    expect(counter.seenFrom(1).sort()).toEqual([1, 3, 4]);
    expect(counter.strongest(2).sort()).toEqual([1, 3]);
  });
});
