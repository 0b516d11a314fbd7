import { newAttempt } from '../../../server/contracts/attempts.js';
import type { SimulatedAttempt } from '../../../server/simulation/domain/attempts.js';
import { MINUTE } from '../../../server/simulation/domain/calendar.js';
import { drillKinds, isDrillKind, makeDrill, type DrillKind } from '../../../server/simulation/domain/drills.js';
import { blocks } from '../../../server/simulation/domain/networks.js';
import { companyOf } from '../../../server/simulation/domain/people.js';

const company = companyOf(2026);
const startsAt = Date.parse('2026-11-24T14:00:00Z');
const drillAt = (kind: DrillKind, start = startsAt): SimulatedAttempt[] => [...makeDrill(kind, company, start)];
/** Many of one kind, as their random parts differ from start to start. */
const several = (kind: DrillKind): SimulatedAttempt[][] =>
  Array.from({ length: 24 }, (_, i) => drillAt(kind, startsAt + i * MINUTE));
const count = (attack: readonly SimulatedAttempt[], outcome: string): number =>
  attack.filter(({ attempt }) => attempt.outcome === outcome).length;
const distinct = (attack: readonly SimulatedAttempt[], field: 'ip' | 'subject' | 'passwordFingerprint'): number =>
  new Set(attack.map(({ attempt }) => attempt[field])).size;
const hosting = new Set(blocks.filter(({ use }) => use === 'hosting').map(({ prefix }) => prefix));
const fromHosting = ({ attempt }: SimulatedAttempt): boolean =>
  hosting.has(attempt.ip.slice(0, attempt.ip.lastIndexOf('.')));

describe.each(drillKinds)('the drill %s', (kind) => {
  it('lasts one to three minutes in time order, valid, with ids of their own', () => {
    for (const attack of several(kind)) {
      const last = attack.at(-1)?.at ?? 0;
      expect(last - startsAt).toBeGreaterThan(0);
      expect(last - (attack[0]?.at ?? 0)).toBeGreaterThan(0.95 * MINUTE * (kind === 'fatigue' ? 0.7 : 1));
      expect(last - (attack[0]?.at ?? 0)).toBeLessThanOrEqual(3 * MINUTE);
      expect(attack.every(({ at }, i) => i === 0 || at >= (attack[i - 1]?.at ?? 0))).toBe(true);
      expect(attack.filter(({ attempt }) => !newAttempt.safeParse(attempt).success)).toEqual([]);
      expect(new Set(attack.map(({ attempt }) => attempt.id)).size).toBe(attack.length);
    }
  });

  it('is the same for the same start, and new for another', () => {
    expect(drillAt(kind)).toEqual(drillAt(kind));
    const ids = new Set(drillAt(kind).map(({ attempt }) => attempt.id));
    expect(drillAt(kind, startsAt + 1).some(({ attempt }) => ids.has(attempt.id))).toBe(false);
  });

  it('comes from hosting networks, except for what the owner does', () => {
    for (const made of drillAt(kind)) expect(fromHosting(made) || made.attempt.id.includes('-own-')).toBe(true);
  });
});

describe('what each drill is', () => {
  it('brute force: one person, one address, 30 to 45 passwords, a success one time in three', () => {
    const attacks = several('brute-force');
    for (const attack of attacks) {
      expect([distinct(attack, 'subject'), distinct(attack, 'ip')]).toEqual([1, 1]);
      expect(count(attack, 'failure')).toBeGreaterThanOrEqual(30);
      expect(distinct(attack, 'passwordFingerprint')).toBeGreaterThanOrEqual(30);
      expect(count(attack, 'success') + count(attack, 'blocked')).toBe(1);
    }
    const succeeded = attacks.filter((attack) => count(attack, 'success') === 1).length;
    expect(succeeded).toBeGreaterThan(2);
    expect(succeeded).toBeLessThan(16);
  });

  it('spray: 41 people, three passwords, one network, one success', () => {
    for (const attack of several('spray')) {
      expect([distinct(attack, 'subject'), distinct(attack, 'passwordFingerprint')]).toEqual([41, 3]);
      expect(new Set(attack.map(({ attempt }) => attempt.ip.slice(0, attempt.ip.lastIndexOf('.')))).size).toBe(1);
      expect([count(attack, 'failure'), count(attack, 'success')]).toEqual([122, 1]);
    }
  });

  it('stuffing: 90 names once each, a third unknown, two right passwords', () => {
    for (const attack of several('stuffing')) {
      expect([attack.length, distinct(attack, 'subject')]).toEqual([90, 90]);
      expect(attack.filter(({ attempt }) => attempt.reason === 'unknown_subject')).toHaveLength(30);
      expect([count(attack, 'success'), count(attack, 'challenge')]).toEqual([1, 1]);
      expect(distinct(attack, 'ip')).toBeGreaterThanOrEqual(10);
    }
  });

  it('travel: the owner at home, then three successes from far away within two minutes', () => {
    for (const attack of several('travel')) {
      const [own, ...far] = attack;
      expect(own?.attempt).toMatchObject({ outcome: 'success' });
      expect(own && fromHosting(own)).toBe(false);
      expect(far.map(({ application }) => application)).toEqual(['Webmail', 'Wiki', 'Payroll']);
      expect(far.every((made) => made.attempt.outcome === 'success' && fromHosting(made))).toBe(true);
    }
  });

  it('fatigue: at least six refused pushes, then one approved', () => {
    for (const attack of several('fatigue')) {
      expect(distinct(attack, 'subject')).toBe(1);
      expect(count(attack, 'failure')).toBeGreaterThanOrEqual(6);
      expect(count(attack, 'challenge')).toBe(count(attack, 'failure') + 1);
      expect(attack.at(-1)?.attempt).toMatchObject({ outcome: 'success', factor: 'push' });
    }
  });

  it('knows its own names', () => {
    expect(drillKinds.every(isDrillKind)).toBe(true);
    expect(isDrillKind('phishing')).toBe(false);
  });
});
