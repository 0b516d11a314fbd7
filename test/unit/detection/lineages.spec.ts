import { assess } from '../../../server/detection/domain/judge.js';
import { Lineages } from '../../../server/detection/domain/lineages.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import { aMemory, anAttempt, quarry, singapore, T0 } from './builders.js';

const edge = (version: string): string => `Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/${version} Edg/${version}`;
const iphone = (os: string, safari: string): string =>
  `Mozilla/5.0 (iPhone; CPU iPhone OS ${os} like Mac OS X) Version/${safari} Mobile/15E148 Safari/604.1`;
const android = (model: string): string =>
  `Mozilla/5.0 (Linux; Android 14; ${model}) Chrome/140.0.0.0 Mobile Safari/537.36`;

const used = (...userAgents: string[]): Lineages => {
  const lineages = new Lineages();
  for (const userAgent of userAgents) lineages.add(userAgent);
  return lineages;
};

describe('what a device can have become', () => {
  test.each([
    ['a newer version', edge('140.0'), edge('141.0'), true],
    ['a version of more digits', edge('99.0'), edge('100.0'), true],
    ['the same', edge('140.0'), edge('140.0'), true],
    ['an older version', edge('140.0'), edge('139.0'), false],
    ['a newer system and browser', iphone('17_6', '17.6'), iphone('18_0', '18.0'), true],
    ['a newer system with an older browser', iphone('17_6', '17.6'), iphone('18_0', '17.5'), false],
    ['another model', android('SM-A525F'), android('SM-G991B'), false],
    ['another program', edge('140.0'), iphone('18_0', '18.0'), false],
  ])('%s', (_, before, now, isUpdate) => {
    expect(used(before).continuedBy(now)).toBe(isUpdate);
  });

  test('each of two devices goes its own way, and what is older than both is neither', () => {
    const lineages = used(edge('140.0'), edge('120.0'), edge('141.0'), edge('125.0'));
    expect(lineages.continuedBy(edge('126.0'))).toBe(true);
    expect(lineages.continuedBy(edge('124.0'))).toBe(false);
  });

  test('the device that was updated longest ago is forgotten first', () => {
    const models = Array.from({ length: 8 }, (_, i) => android(`Model${i}`));
    const lineages = used(...models, models[0] ?? '', android('Model8'));
    expect(models.map((model) => lineages.continuedBy(model))).toEqual([
      true,
      false,
      ...Array.from({ length: 6 }, () => true),
    ]);
  });

  test('what an attacker may send as a name costs little', () => {
    const from = performance.now();
    const lineages = used('1.'.repeat(1024), '9'.repeat(2048), '1_a'.repeat(680));
    expect(lineages.encode().length).toBeLessThanOrEqual(3 * 10);
    expect(performance.now() - from).toBeLessThan(100);
  });
});

describe('a sign-in from elsewhere with the kind of device that the person has', () => {
  const { suspicion: ofUpdate } = judged('Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/141.0');
  const older = judged('Mozilla/5.0 (Windows NT 10.0; Win64; x64) Edg/139.0');

  function judged(userAgent: string) {
    const elsewhere = { ip: '203.0.113.77', network: quarry, place: singapore, occurredAt: T0 };
    return assess(anAttempt({ userAgent, ...elsewhere }), aMemory(), defaultPolicy);
  }

  test('is more suspicious with an older version than with an update', () => {
    expect(older.suspicion).toBeGreaterThan(ofUpdate + 10);
  });

  test('and it is said why', () => {
    const told = older.risk.signals.find(({ kind }) => kind === 'new-version');
    expect(told?.evidence).toEqual({ os: 'Windows', browser: 'Edge', another: true });
  });
});
