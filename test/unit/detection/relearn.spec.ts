import type { EnrichedAttempt } from '../../../server/detection/domain/enriched-attempt.js';
import { judge } from '../../../server/detection/domain/judge.js';
import { createMemory } from '../../../server/detection/domain/memory.js';
import { DAY, defaultPolicy, HOUR } from '../../../server/detection/domain/policy.js';
import { encodeProfile, type Profile } from '../../../server/detection/domain/profile.js';
import { type PastSignIn, relearn } from '../../../server/detection/domain/relearn.js';
import { anAttack, anAttempt, T0 } from './builders.js';

const strange = (afterMs: number): EnrichedAttempt =>
  anAttack({ outcome: 'success', reason: null, occurredAt: T0 + afterMs });
const usual = Array.from({ length: 20 }, (_, day) => anAttempt({ occurredAt: T0 - (20 - day) * DAY }));

/** Judged one by one as the lane does it. */
function judged(attempts: readonly EnrichedAttempt[]): { signIns: PastSignIn[]; profile: Profile } {
  const memory = createMemory(defaultPolicy);
  const signIns = attempts.map((attempt) => {
    const { risk } = judge(attempt, memory, defaultPolicy);
    return { attempt, score: risk.score, genuine: null };
  });
  return { signIns, profile: memory.profiles.get('sam')! };
}
const said = (signIns: readonly PastSignIn[], id: string, genuine: boolean | null): PastSignIn[] =>
  signIns.map((each) => (each.attempt.id === id ? { ...each, genuine } : each));
const formOf = (profile: Profile | undefined) => profile && encodeProfile(profile);

describe('a profile made again', () => {
  test('is the one that was learnt, whatever was doubted and believed later', () => {
    const { signIns, profile } = judged([...usual, ...[0, 3 * HOUR, 13 * HOUR, 14 * HOUR].map(strange)]);
    expect(profile.signIns).toBe(22);
    expect(formOf(relearn(signIns, defaultPolicy))).toEqual(formOf(profile));
  });

  test('knows what was confirmed, and forgets it when that is taken back', () => {
    const attempt = strange(0);
    const { signIns, profile } = judged([...usual, attempt]);
    const taught = relearn(said(signIns, attempt.id, true), defaultPolicy)!;
    expect(taught.signIns).toBe(21);
    const memory = createMemory(defaultPolicy);
    memory.profiles.replace('sam', taught);
    expect(judge(strange(DAY), memory, defaultPolicy).risk.level).toBe('low');
    expect(formOf(relearn(said(signIns, attempt.id, null), defaultPolicy))).toEqual(formOf(profile));
  });

  test('is without a trace of what was disowned, also where it scored low', () => {
    const intruder = anAttempt({ occurredAt: T0, ip: '198.51.100.99' });
    const { signIns, profile } = judged([...usual, intruder, anAttempt({ occurredAt: T0 + DAY })]);
    expect(profile.signIns).toBe(22);
    const without = judged(usual.concat(anAttempt({ occurredAt: T0 + DAY }))).profile;
    const again = formOf(relearn(said(signIns, intruder.id, false), defaultPolicy))!;
    expect({ ...again, place: null }).toEqual({ ...formOf(without), place: null });
  });

  test('is none where nothing may be learnt', () => {
    const attempt = anAttempt();
    expect(relearn([{ attempt, score: 0, genuine: false }], defaultPolicy)).toBeUndefined();
    expect(relearn([], defaultPolicy)).toBeUndefined();
  });
});
