import fc from 'fast-check';
import type { Risk, Signal } from '../../../server/contracts/detection.js';
import { risk as riskSchema } from '../../../server/contracts/detection.js';
import { judge } from '../../../server/detection/domain/judge.js';
import { levelOf } from '../../../server/detection/domain/levels.js';
import { defaultPolicy, MINUTE } from '../../../server/detection/domain/policy.js';
import { reassess, settle } from '../../../server/detection/domain/score.js';
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

describe('a sign-in after which the way into the account is changed', () => {
  const signIn = (kind: 'new-device' | 'new-network'): Risk => ({
    score: 40,
    level: 'medium',
    signals: [
      kind === 'new-device'
        ? { kind, points: 40, evidence: { os: null, browser: null } }
        : { kind, points: 40, evidence: { asn: 64500, organisation: null, networkKind: 'residential' } },
    ],
    missing: [],
    policyVersion: 1,
  });
  const scored = (minutes: number, kind: 'new-device' | 'new-network' = 'new-device', policy = defaultPolicy) =>
    reassess(signIn(kind), { change: 'password', afterMs: minutes * MINUTE }, policy);

  test('scores more the sooner it is, and nothing more without a new device or country', () => {
    expect(scored(12)).toMatchObject({ score: 70, level: 'high' });
    expect(scored(12)?.signals[1]).toEqual({
      kind: 'credential-change-after-new-device',
      points: 30,
      evidence: { change: 'password', minutes: 12 },
    });
    expect(scored(600)?.score).toBe(55);
    expect([scored(25 * 60), scored(-1), scored(12, 'new-network')]).toEqual([undefined, undefined, undefined]);
  });

  test('weighs what the policy says, and is held to the scale like all', () => {
    const weighing = (weight: number) => ({
      ...defaultPolicy,
      weights: { 'credential-change-after-new-device': weight },
    });
    expect(scored(12, 'new-device', weighing(0))).toBeUndefined();
    expect(scored(12, 'new-device', weighing(0.5))?.score).toBe(55);
    expect(scored(12, 'new-device', weighing(3))).toMatchObject({
      score: 100,
      signals: [{ uncut: 90 }, { uncut: 40 }],
    });
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
