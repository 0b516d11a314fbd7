import type { AttemptEvent } from '../../../server/detection/domain/events.js';
import { FAILED } from '../../../server/detection/domain/events.js';
import { Generations } from '../../../server/detection/domain/generations.js';
import { campaignKinds } from '../../../server/detection/domain/campaigns.js';
import { Distinct } from '../../../server/detection/domain/distinct.js';
import { cellOf, STEPS } from '../../../server/detection/domain/habits.js';
import { judge } from '../../../server/detection/domain/judge.js';
import { createMemory, type Lane } from '../../../server/detection/domain/memory.js';
import { defaultPolicy } from '../../../server/detection/domain/policy.js';
import { Reputation } from '../../../server/detection/domain/reputation.js';
import { Roll } from '../../../server/detection/domain/roll.js';
import { boundedName, countryCode, countryNumber } from '../../../server/detection/domain/text.js';
import { Trail, Windows } from '../../../server/detection/domain/windows.js';
import { anAttack, DAY, SECOND, T0 } from './builders.js';

const event = (at: number): AttemptEvent => ({
  at,
  flags: FAILED,
  subjectHash: 1,
  addressHash: 1,
  prefixHash: 1,
  clientHash: 1,
  subject: 's',
  ip: '192.0.2.1',
  asn: 1,
  organisation: null,
  country: null,
  countedBy: null,
});
const limits = { keys: 1000, events: 4000, perKey: 16, rated: false };

describe('windows', () => {
  test('a million distinct keys leave two generations and no more', () => {
    const windows = new Windows<string>(limits);
    for (let i = 0; i < 1_000_000; i++) {
      windows.insert(`key ${i}`, event(T0 + i), undefined);
      if (windows.keys > 2 * limits.keys) throw new Error(`${windows.keys} keys after ${i}`);
    }
    expect(windows.get('key 999999')?.events).toHaveLength(1);
    expect(windows.get('key 1')).toBeUndefined();
  }, 60_000);

  test('busy keys are bounded by events as well, even if they are kept alive', () => {
    const windows = new Windows<number>({ ...limits, keys: 1e9 });
    let slots = 0;
    for (let i = 0; i < 200_000; i++) windows.insert(i % 900, event(T0 + i), windows.get(i % 900));
    for (let k = 0; k < 900; k++) slots += windows.get(k)?.events.length ?? 0;
    expect(slots).toBeLessThanOrEqual(2 * (limits.events + limits.perKey));
    expect(slots).toBeGreaterThan(limits.events / 2);
  });

  test('what is used survives a flood that is shorter than a generation', () => {
    const windows = new Windows<string>(limits);
    windows.insert('office', event(T0), undefined);
    for (let i = 0; i < 10_000; i++) {
      windows.insert(`flood ${i}`, event(T0 + i), undefined);
      if (i % 500 === 0) expect(windows.get('office')).toBeDefined();
    }
  });
});

describe('a trail', () => {
  test('is ordered by the time of the source whatever order events come in', () => {
    const trail = new Trail(event(T0 + 50), limits);
    [30, 70, 10, 60, 20].forEach((t) => trail.insert(event(T0 + t)));
    expect(trail.events.map((e) => e.at - T0)).toEqual([10, 20, 30, 50, 60, 70]);
  });

  test('keeps the newest when there are too many', () => {
    const trail = new Trail(event(T0), limits);
    for (let i = 1; i <= 100; i++) trail.insert(event(T0 + i));
    expect(trail.events.length).toBeLessThanOrEqual(limits.perKey);
    expect(trail.newest).toBe(T0 + 100);
  });

  test('forgets what no window reaches', () => {
    const trail = new Trail(event(T0), limits);
    trail.insert(event(T0 + 3 * DAY));
    expect(trail.events).toHaveLength(1);
  });

  test('starts anew for a replay of an older time', () => {
    const trail = new Trail(event(T0), limits);
    trail.insert(event(T0 - 30 * DAY));
    expect(trail.events.map((e) => e.at)).toEqual([T0 - 30 * DAY]);
  });

  test('a rated one knows how many are usual', () => {
    const trail = new Trail(event(T0), { ...limits, rated: true });
    for (let day = 1; day <= 200; day++) for (let n = 0; n < 10; n++) trail.insert(event(T0 + day * DAY + n));
    expect(trail.expected(T0 + 200 * DAY, DAY)).toBeGreaterThan(8);
    expect(trail.expected(T0 + 200 * DAY, DAY)).toBeLessThan(12);
    expect(trail.expected(T0 + 300 * DAY, DAY)).toBeLessThan(1);
  });
});

const keysOf = (lane: Lane): number =>
  lane.persons.keys +
  lane.names.keys +
  lane.addresses.keys +
  lane.prefixes.keys +
  lane.networks.keys +
  lane.clients.keys;

test('attempts that are new in every respect hold bounded memory and leave no profile', () => {
  const memory = createMemory(defaultPolicy);
  let most = 0;
  for (let i = 0; i < 150_000; i++) {
    const name = `webmail:name ${i}`;
    const attempt = anAttack({
      personId: null,
      subjectKey: name,
      subjectKnown: false,
      occurredAt: T0 + i * SECOND,
      ip: `address ${i}`,
      addressKey: `address ${i}`,
      prefixKey: `prefix ${i}`,
      userAgent: `client ${i}`,
      network: { asn: i, organisation: null, kind: 'unknown' },
    });
    judge(attempt, memory, defaultPolicy);
    if (i % 1000 === 0) most = Math.max(most, keysOf(memory.live));
  }
  expect(most).toBeLessThanOrEqual(2 * (20_000 * 4 + 4_000 + 8_000));
  expect(memory.profiles.takeDirty()).toEqual([]);
}, 60_000);

test('a million distinct networks, clients, countries and people leave bounded reputations and population', () => {
  const memory = createMemory(defaultPolicy);
  const { live, population } = memory;
  const all = [live.networkReputations, live.clientReputations, live.countryReputations, live.visitReputations];
  for (let i = 0; i < 1_000_000; i++) {
    for (const reputations of all) if (!reputations.has(i)) reputations.set(i, new Reputation());
    population.addNetwork(i);
    population.addCountry(i);
    population.addClient(i);
    population.useAgent(i, 1, true);
    population.habits.learn(i % STEPS.length, cellOf(i * SECOND, i % 20), i % 2 === 0);
    population.habits.learnHour(i % 24);
  }
  expect(all.map(({ size }) => size <= 2 * 8_000)).toEqual([true, true, true, true]);
  expect(live.countryReputations.size).toBeLessThanOrEqual(2 * 1_000);
  const { agents, values } = population.size;
  expect(agents).toBeLessThanOrEqual(2 * 40_000);
  expect(values).toBeLessThanOrEqual(3 * 100_000);
  expect(population.habits.takeChanged()).toHaveLength(STEPS.length * 20 * 2 + 24);
}, 60_000);

test('one network that a million subjects try keeps a few of them', () => {
  const reputation = new Reputation();
  for (let i = 0; i < 1_000_000; i++) {
    reputation.addFailure(i, T0 + i, defaultPolicy.reputation);
    reputation.addNewcomer(i, T0 + i, defaultPolicy.reputation);
  }
  expect(JSON.stringify(reputation).length).toBeLessThan(400);
}, 60_000);

describe('generations', () => {
  test('keep what is read', () => {
    const map = new Generations<number, string>(3);
    for (let i = 0; i < 20; i++) {
      map.set(i, `${i}`);
      expect(map.get(0)).toBe('0');
    }
    expect(map.size).toBeLessThanOrEqual(6);
  });
});

describe('a roll', () => {
  test('counts every distinct value and lists the ten busiest, who got in first', () => {
    const roll = new Roll<null>();
    for (let i = 0; i < 3000; i++) for (let n = 0; n <= i % 20; n++) roll.add(i, `name ${i}`, false, null);
    roll.add(2999, 'name 2999', true, null);
    expect(roll.distinct).toBe(3000);
    expect(roll.busiest()).toHaveLength(10);
    expect(roll.busiest()[0]).toMatchObject({ value: 'name 2999', marked: true });
    expect(
      roll
        .busiest()
        .slice(1)
        .every((e) => e.count === 20),
    ).toBe(true);
  });

  test('is exact and ordered against a plain count', () => {
    const roll = new Roll<null>();
    const plain = new Map<number, number>();
    for (let i = 0; i < 5000; i++) {
      const value = (i * i * 31) % 97;
      roll.add(value, `v${value}`, false, null);
      plain.set(value, (plain.get(value) ?? 0) + 1);
    }
    const counts = [...plain.values()].sort((a, b) => b - a).slice(0, 10);
    expect(roll.busiest().map((e) => e.count)).toEqual(counts);
    expect(roll.distinct).toBe(plain.size);
  });
});

test('distinct values are counted across uses of one table', () => {
  const table = new Distinct(1024);
  for (let round = 0; round < 50; round++) {
    table.clear();
    const plain = new Set<number>();
    for (let i = 0; i < 400; i++) {
      const value = Math.imul(i % 250, 0x9e3779b1 + round) | 0;
      expect(table.add(value)).toBe(!plain.has(value));
      plain.add(value);
    }
    expect(table.count).toBe(plain.size);
  }
});

test('no window of a campaign is longer than its quiet time, or two alerts could share a key', () => {
  for (const kind of campaignKinds) expect(kind.seedMs(defaultPolicy)).toBeLessThanOrEqual(kind.quietMs(defaultPolicy));
});

test('long names are bounded and stay apart', () => {
  const long = 'x'.repeat(320);
  expect(boundedName(`${long}a`).length).toBeLessThan(140);
  expect(boundedName(`${long}a`)).not.toBe(boundedName(`${long}b`));
  expect(boundedName('root')).toBe('root');
});

test.each(['PT', 'SG', 'AA', 'ZZ'])('country %s survives as a number', (code) => {
  expect(countryCode(countryNumber(code))).toBe(code);
});
