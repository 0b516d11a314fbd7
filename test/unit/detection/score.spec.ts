import fc from 'fast-check';
import type { Signal } from '../../../server/contracts/detection.js';
import { risk as riskSchema } from '../../../server/contracts/detection.js';
import { judge } from '../../../server/detection/domain/judge.js';
import { levelOf } from '../../../server/detection/domain/levels.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import { settle } from '../../../server/detection/domain/score.js';
import { aMemory, anAttack, anAttempt } from './builders.js';

const signalOf = (points: number): Signal => ({ kind: 'known-device', points, evidence: { signIns: 1 } });
const sum = (signals: readonly Signal[]): number => signals.reduce((total, s) => total + s.points, 0);

describe('the ledger', () => {
  test('always adds up to 0–100, keeps every sign and never makes a charge larger', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -40, max: 60 }), { maxLength: 14 }), (points) => {
        const settled = settle(points.map(signalOf));
        const total = sum(settled);
        expect(total).toBe(
          Math.min(
            100,
            Math.max(
              0,
              points.reduce((a, b) => a + b, 0),
            ),
          ),
        );
        expect(settled.every((s) => Number.isInteger(s.points) && s.points !== 0)).toBe(true);
        const largest = (list: readonly number[]): number => Math.max(0, ...list.map(Math.abs));
        expect(largest(settled.map((s) => s.points))).toBeLessThanOrEqual(largest(points));
        const sizes = settled.map((s) => Math.abs(s.points));
        expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
      }),
    );
  });

  test('what fits is not touched', () => {
    expect(settle([34, -6, 22].map(signalOf)).map((s) => s.points)).toEqual([34, 22, -6]);
  });

  test('what is beyond 100 comes off the charges in proportion', () => {
    expect(settle([80, 60, -10].map(signalOf)).map((s) => s.points)).toEqual([63, 47, -10]);
  });

  test('reassurance takes no more than there is, and says nothing where nothing is wrong', () => {
    expect(settle([10, -30, -10].map(signalOf)).map((s) => s.points)).toEqual([10, -8, -2]);
    expect(settle([-30, -10].map(signalOf))).toEqual([]);
  });
});

test.each([
  [0, 'low'],
  [29, 'low'],
  [30, 'medium'],
  [59, 'medium'],
  [60, 'high'],
  [84, 'high'],
  [85, 'critical'],
  [100, 'critical'],
])('%i is %s', (score, level) => {
  expect(levelOf(score, defaultPolicy)).toBe(level);
});

test('a judged attempt keeps to the contract', () => {
  const { risk } = judge(anAttack({ outcome: 'success', reason: null }), aMemory(), defaultPolicy);
  expect(riskSchema.parse(risk)).toEqual(risk);
  expect(risk.score).toBe(sum(risk.signals));
});

test('a failed try is worth less than the same as a success, a challenge lies between', () => {
  const score = (outcome: 'success' | 'failure' | 'challenge'): number =>
    judge(anAttack({ outcome }), aMemory(), defaultPolicy).risk.score;
  expect(score('failure')).toBeLessThan(score('challenge'));
  expect(score('challenge')).toBeLessThan(score('success'));
  expect(judge(anAttempt({ outcome: 'failure' }), aMemory(), defaultPolicy).risk.score).toBe(0);
});
