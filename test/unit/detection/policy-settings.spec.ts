import { detectionSettings, type AllowedSource } from '../../../server/contracts/detection-policy.js';
import { decide } from '../../../server/detection/domain/decide.js';
import type { EnrichedAttempt } from '../../../server/detection/domain/enriched-attempt.js';
import { judge } from '../../../server/detection/domain/judge.js';
import { defaultPolicy, HOUR, type Policy } from '../../../server/detection/domain/policy.js';
import { defaultSettings, differing, faultsOf, policyOf } from '../../../server/detection/domain/policy-settings.js';
import { aMemory, anAttack, anAttempt, DAY, MINUTE, SECOND, series, T0 } from './builders.js';

const until = new Date(T0 + DAY).toISOString();
const office = { reason: 'the office', until };
const allowing = (...allowed: AllowedSource[]): Policy => policyOf({ allowed }, 7);
const quarryNet = (): Policy => allowing({ kind: 'network', network: '203.0.113.0/24', ...office });
const burst = (ms = 0) => series(9, 2 * SECOND, (_, occurredAt) => anAttack({ occurredAt: occurredAt + ms }));
const kinds = (attempts: readonly EnrichedAttempt[], policy: Policy, memory = aMemory()): string[] => [
  ...new Set(attempts.flatMap((attempt) => judge(attempt, memory, policy).findings.map(({ kind }) => kind))),
];

describe('the settings of detection', () => {
  it('change nothing while they are empty, or say what holds anyway', () => {
    for (const settings of [{}, defaultSettings]) {
      expect(JSON.stringify(policyOf(settings, 1))).toBe(JSON.stringify({ ...defaultPolicy, version: 1 }));
      expect(differing(settings)).toEqual({});
    }
    expect(detectionSettings.parse(defaultSettings)).toEqual(defaultSettings);
  });

  it('keep only what differs', () => {
    const settings = {
      ...defaultSettings,
      levels: { medium: 30, high: 70, critical: 85 },
      weights: { 'new-device': 0 },
    };
    expect(differing(settings)).toEqual({ levels: { high: 70 }, weights: { 'new-device': 0 } });
  });

  it.each([
    [{ levels: { medium: 0 } }, 'levels.medium'],
    [{ weights: { 'new-device': 301 } }, 'weights.new-device'],
    [{ weights: { 'allowed-source': 100 } }, 'weights'],
    [{ alerts: { spray: { windowMinutes: 61 } } }, 'alerts.spray.windowMinutes'],
    [{ alerts: { 'credential-stuffing': { windowMinutes: 30 } } }, 'alerts.credential-stuffing'],
    [{ allowed: [{ kind: 'network', network: '203.0.113.0/33', ...office }] }, 'allowed.0.network'],
    [{ allowed: [{ kind: 'asn', asn: 64500, reason: 'office' }] }, 'allowed.0.until'],
  ])('refuse %j, naming %s', (settings, path) => {
    const { error } = detectionSettings.safeParse(settings);
    expect(error?.issues.map((issue) => issue.path.join('.'))).toEqual([path]);
  });

  it('must fit together', () => {
    const paths = (settings: Parameters<typeof faultsOf>[0]) => faultsOf(settings).map(({ path }) => path);
    expect(paths({ levels: { medium: 70 } })).toEqual(['settings.levels.high']);
    expect(paths({ levels: { high: 90 } })).toEqual(['settings.levels.critical']);
    expect(paths({ decisions: { challengeFrom: 90 } })).toEqual(['settings.decisions.denyFrom']);
    expect(paths({ allowed: [{ kind: 'network', network: '0.0.0.0/0', ...office }] })).toEqual([
      'settings.allowed.0.network',
    ]);
    expect(paths({ allowed: [{ kind: 'network', network: '2001:db8::/32', ...office }] })).toEqual([]);
  });

  it('say from how many failures on an alert is raised, and whether at all', () => {
    const kind = 'brute-force-source';
    expect(kinds(burst(), defaultPolicy)).toContain(kind);
    expect(kinds(burst(), policyOf({ alerts: { [kind]: { count: 10 } } }, 2))).not.toContain(kind);
    expect(kinds(burst(), policyOf({ alerts: { [kind]: { on: false } } }, 2))).not.toContain(kind);
  });

  it('weigh each signal, and name the version that judged', () => {
    const stranger = anAttack({ outcome: 'success', reason: null, occurredAt: T0 + MINUTE });
    const usual = judge(stranger, aMemory(), defaultPolicy).risk;
    const half = judge(stranger, aMemory(), policyOf({ weights: { 'new-device': 50, 'new-country': 0 } }, 4)).risk;
    const points = (risk: typeof usual, kind: string) => risk.signals.find((signal) => signal.kind === kind)?.points;
    expect(points(usual, 'new-country')).toBeGreaterThan(0);
    expect(points(half, 'new-country')).toBeUndefined();
    expect(half.policyVersion).toBe(4);
    expect(half.score).toBeLessThan(usual.score);
  });
});

describe('allowed sources', () => {
  it.each<AllowedSource>([
    { kind: 'network', network: '203.0.113.77', ...office },
    { kind: 'network', network: '203.0.113.0/24', ...office },
    { kind: 'asn', asn: 64496, ...office },
    { kind: 'application', applicationId: 'webmail', ...office },
  ])('raise no alert by failing: %j', (source) => {
    expect(kinds(burst(), allowing(source))).toEqual([]);
  });

  it('are so until their day, by the time of the attempt', () => {
    expect(kinds(burst(DAY - HOUR), quarryNet())).toEqual([]);
    expect(kinds(burst(DAY), quarryNet())).toContain('brute-force-source');
  });

  it('are nobody else: a neighbour and another kind of address are judged as ever', () => {
    const other = series(9, 2 * SECOND, (_, occurredAt) => anAttack({ occurredAt, ip: '203.0.114.77' }));
    expect(kinds(other, quarryNet())).toContain('brute-force-source');
    const six = series(9, 2 * SECOND, (_, occurredAt) => anAttack({ occurredAt, ip: '2001:db8:7::9' }));
    expect(kinds(six, quarryNet())).toContain('brute-force-source');
    expect(kinds(six, allowing({ kind: 'network', network: '2001:db8:7::/48', ...office }))).toEqual([]);
  });

  it('add no points as a source, but the person is still judged, and the reason is shown', () => {
    const stranger = anAttack({ outcome: 'success', reason: null, occurredAt: T0 + MINUTE });
    const { signals, score } = judge(stranger, aMemory(), quarryNet()).risk;
    expect(signals.map(({ kind }) => kind)).toContain('new-device');
    for (const kind of ['new-country', 'new-network', 'impossible-travel', 'hosting-network'] as const)
      expect(signals.map((signal) => signal.kind)).not.toContain(kind);
    expect(signals.at(-1)).toEqual({
      kind: 'allowed-source',
      points: 0,
      evidence: { source: '203.0.113.0/24', reason: 'the office' },
    });
    expect(score).toBeGreaterThan(0);
  });

  it('count against nobody: what the allowed source failed at is not there when another one tries', () => {
    const [tried, untouched] = [aMemory(), aMemory()];
    for (const attempt of burst()) judge(attempt, tried, quarryNet());
    const next = anAttack({ id: 'next', ip: '192.0.2.9', occurredAt: T0 + MINUTE });
    expect(judge(next, tried, quarryNet())).toEqual(judge(next, untouched, quarryNet()));
  });

  it('are never refused for what their neighbours did', () => {
    const people = ['sam', 'lee', 'kim', 'ana', 'bo', 'cy', 'dee', 'eve', 'fay', 'gus', 'hal', 'ida'];
    const memory = aMemory(people);
    series(24, 5 * SECOND, (i, occurredAt) => anAttack({ occurredAt, personId: people[i % people.length]! })).forEach(
      (attack) => judge(attack, memory, defaultPolicy),
    );
    const stranger = anAttack({ occurredAt: T0 + 10 * MINUTE, outcome: 'success', reason: null });
    expect(decide(stranger, memory, defaultPolicy).decision).toBe('deny');
    expect(decide(stranger, memory, quarryNet()).decision).not.toBe('deny');
    expect(decide(anAttempt({ occurredAt: T0 + 10 * MINUTE }), memory, quarryNet()).decision).toBe('allow');
  });
});
