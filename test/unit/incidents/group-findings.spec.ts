import { groupFindings } from '../../../server/incidents/domain/group-findings.js';
import { growthOf } from '../../../server/incidents/domain/growth.js';
import { aMemory, anAttack, SECOND, T0 } from '../detection/builders.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import { judge } from '../../../server/detection/domain/judge.js';

const finding = (dedupKey: string, ...joins: string[]) => ({ dedupKey, joins });

describe('grouping findings', () => {
  test('those that share attempts belong together, over any number of steps', () => {
    const groups = groupFindings([finding('a'), finding('b', 'a'), finding('c', 'b'), finding('d')], new Map());
    expect(groups).toEqual([['a', 'b', 'c'], ['d']]);
  });

  test('keys of one known incident belong together without sharing anything now', () => {
    const known = new Map([
      ['a', '1'],
      ['c', '1'],
    ]);
    expect(groupFindings([finding('a'), finding('b'), finding('c')], known)).toEqual([['a', 'c'], ['b']]);
  });

  test('a key that is only joined is in the group, so that its incident is found', () => {
    expect(groupFindings([finding('b', 'earlier')], new Map([['earlier', '1']]))).toEqual([['b', 'earlier']]);
  });

  test('ten thousand in a chain are one group', () => {
    const chain = Array.from({ length: 10_000 }, (_, i) => finding(`k${i}`, ...(i > 0 ? [`k${i - 1}`] : [])));
    expect(groupFindings(chain, new Map())[0]).toHaveLength(10_000);
  });
});

describe('what an incident counts', () => {
  test('each attempt once, though several campaigns count it', () => {
    const memory = aMemory();
    const tries = Array.from({ length: 30 }, (_, i) =>
      anAttack({
        personId: null,
        subjectKey: `webmail:somebody-${i}`,
        subjectKnown: true,
        occurredAt: T0 + i * 2 * SECOND,
      }),
    );
    const findings = tries.flatMap((attempt) =>
      judge(attempt, memory, defaultPolicy).findings.map((each) => ({ ...each, simulated: false })),
    );
    expect(new Set(findings.map(({ dedupKey }) => dedupKey)).size).toBeGreaterThan(1);
    expect(groupFindings(findings, new Map())).toHaveLength(1);
    const growth = growthOf('id', true, findings);
    expect(growth.attempts).toBe(30);
    expect(growth.failures).toBe(30);
    expect(growth.subjects.size).toBe(30);
    expect([...growth.sources.values()].reduce((sum, { attempts }) => sum + attempts, 0)).toBe(30);
  });
});
