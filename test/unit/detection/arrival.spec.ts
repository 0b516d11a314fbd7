import fc from 'fast-check';
import type { Risk } from '../../../server/contracts/detection.js';
import type { Finding } from '../../../server/detection/domain/campaigns.js';
import type { EnrichedAttempt } from '../../../server/detection/domain/enriched-attempt.js';
import { inTimeOrder } from '../../../server/detection/domain/arrival.js';
import { judge } from '../../../server/detection/domain/judge.js';
import type { DetectionMemory } from '../../../server/detection/domain/memory.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import { aMemory, anAttack, anAttempt, SECOND, T0 } from './builders.js';

const people = ['sam', 'ada', 'kim', 'lee', 'max', 'noa', 'ola', 'pia', 'ria', 'tom'];

/** Who signs in or is tried, by whom, from which of the attacker's addresses, and how long after the one before. */
interface Drawn {
  who: number;
  how: 'home' | 'mistyped' | 'tried' | 'prompted' | 'broken-in';
  from: number;
  gap: number;
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  who: fc.integer({ min: 0, max: people.length + 20 }),
  how: fc.constantFrom<Drawn['how']>('home', 'mistyped', 'tried', 'tried', 'tried', 'prompted', 'broken-in'),
  from: fc.integer({ min: 0, max: 5 }),
  gap: fc.integer({ min: 1, max: 20 }),
});

function attemptOf({ who, how, from }: Drawn, id: string, occurredAt: number): EnrichedAttempt {
  const personId = people[who] ?? null;
  const subjectKey = personId ?? `webmail:nobody-${who}`;
  const given = { id, occurredAt, personId, subjectKey, subjectKnown: personId !== null };
  if (personId !== null && how === 'home') return anAttempt(given);
  if (personId !== null && how === 'mistyped')
    return anAttempt({ ...given, outcome: 'failure', reason: 'wrong_password' });
  const ip = `203.0.113.${from}`;
  if (personId !== null && how === 'broken-in') return anAttack({ ...given, ip, outcome: 'success', reason: null });
  const reason = personId === null ? 'unknown_subject' : how === 'prompted' ? 'factor_denied' : 'wrong_password';
  return anAttack({ ...given, ip, reason, factor: how === 'prompted' ? 'push' : 'password' });
}

/** Times are all different: sources that tell only seconds are judged in the order in which they were sent. */
function attemptsOf(draws: readonly Drawn[]): EnrichedAttempt[] {
  let at = T0;
  return draws.map((each, i) => attemptOf(each, `a-${i}`, (at += each.gap * SECOND)));
}

/** Score by attempt, and each alert with what it counted in the end. */
function outcomeOf(batches: readonly (readonly EnrichedAttempt[])[], memory: DetectionMemory) {
  const scores: Record<string, Risk> = {};
  const alerts: Record<string, Pick<Finding, 'kind' | 'subject' | 'severity' | 'evidence'>> = {};
  for (const batch of batches) {
    for (const attempt of inTimeOrder(batch, ({ occurredAt }) => occurredAt)) {
      const { risk, findings } = judge(attempt, memory, defaultPolicy);
      scores[attempt.id] = risk;
      for (const { dedupKey, kind, subject, severity, evidence } of findings)
        alerts[dedupKey] = { kind, subject, severity, evidence };
    }
  }
  return { scores, alerts };
}

const scenario = fc.array(drawn, { minLength: 5, maxLength: 80 });

/** Each attempt arrives up to the allowed lateness after later ones. */
const shuffled = fc.tuple(scenario, fc.infiniteStream(fc.integer({ min: 0, max: defaultPolicy.latenessMs - 1 })));

function late(attempts: readonly EnrichedAttempt[], delays: Iterator<number>): EnrichedAttempt[] {
  const arrivals = attempts.map((attempt) => ({ attempt, at: attempt.occurredAt + (delays.next().value as number) }));
  return arrivals.sort((a, b) => a.at - b.at).map(({ attempt }) => attempt);
}

describe('however attempts arrive', () => {
  test('in one batch, one by one or in pieces: the same scores and alerts', () => {
    fc.assert(
      fc.property(scenario, fc.integer({ min: 1, max: 20 }), (draws, size) => {
        const attempts = attemptsOf(draws);
        const pieces = attempts.flatMap((_, i) => (i % size === 0 ? [attempts.slice(i, i + size)] : []));
        const whole = outcomeOf([attempts], aMemory(people, 3));
        expect(outcomeOf(pieces, aMemory(people, 3))).toEqual(whole);
        expect(
          outcomeOf(
            attempts.map((attempt) => [attempt]),
            aMemory(people, 3),
          ),
        ).toEqual(whole);
      }),
      { numRuns: 60 },
    );
  });

  test('shuffled within the allowed lateness in one batch: the same scores and alerts', () => {
    fc.assert(
      fc.property(shuffled, ([draws, delays]) => {
        const attempts = attemptsOf(draws);
        const arrived = late(attempts, delays);
        expect(outcomeOf([arrived], aMemory(people, 3))).toEqual(outcomeOf([attempts], aMemory(people, 3)));
      }),
      { numRuns: 60 },
    );
  });

  // A score is given when its attempt arrives, so what arrives later can't be part of it; campaigns look back.
  test.each<[string, (i: number) => Drawn]>([
    ['guessing at one person', (i) => ({ who: 0, how: 'tried', from: 0, gap: 5 + (i % 3) })],
    ['one person from many addresses', (i) => ({ who: 0, how: 'tried', from: i % 6, gap: 20 })],
    ['many people once', (i) => ({ who: i % 10, how: 'tried', from: 0, gap: 7 })],
    ['names that nobody has', (i) => ({ who: 10 + i, how: 'tried', from: 0, gap: 7 })],
    ['refused prompts', () => ({ who: 0, how: 'prompted', from: 0, gap: 20 })],
  ])('%s, shuffled and one by one: the same kinds of alerts', (_, draw) => {
    const attempts = attemptsOf(Array.from({ length: 20 }, (__, i) => draw(i)));
    const kinds = (arrived: readonly EnrichedAttempt[]): string[] => {
      const { alerts } = outcomeOf(
        arrived.map((attempt) => [attempt]),
        aMemory(people, 3),
      );
      return [...new Set(Object.values(alerts).map(({ kind }) => kind))].sort();
    };
    const expected = kinds(attempts);
    expect(expected).not.toEqual([]);
    const delays = fc.infiniteStream(fc.integer({ min: 0, max: defaultPolicy.latenessMs - 1 }));
    const same = (each: Iterator<number>): void => expect(kinds(late(attempts, each))).toEqual(expected);
    fc.assert(fc.property(delays, same), { numRuns: 30 });
  });
});
