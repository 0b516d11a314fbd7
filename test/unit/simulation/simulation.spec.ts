import { applicationNames } from '../../../server/simulation/domain/applications.js';
import { HOUR, MINUTE, SECOND } from '../../../server/simulation/domain/calendar.js';
import { Simulation, type Progress, type SimulationOptions } from '../../../server/simulation/run-simulation.js';
import { FakeServer, FakeTime, type Received } from './fake-server.js';

const startsAt = Date.parse('2026-11-24T10:00:00Z');
const applications = applicationNames.map((name) => ({ name, key: `key of ${name}` }));

function stage(more: Partial<SimulationOptions> = {}, until = Infinity) {
  const time = new FakeTime(startsAt);
  const abort = new AbortController();
  const server = new FakeServer(time, [], ({ at }) => {
    if (at >= until) abort.abort();
  });
  const reports: Progress[] = [];
  const simulation = new Simulation({
    url: 'http://127.0.0.1:1',
    signal: abort.signal,
    applications,
    peopleKey: 'key of the directory',
    historyDays: 1,
    clock: time.clock,
    sleep: time.sleep,
    fetch: server.fetch,
    onProgress: (progress) => reports.push(progress),
    ...more,
  });
  return { simulation, server, time, abort, reports };
}

const all = (requests: readonly Received[]) => requests.flatMap(({ attempts }) => attempts);

describe('the simulation', () => {
  it('introduces the people, then tells the past slice by slice, each application with its own key', async () => {
    const { simulation, server, reports } = stage();
    await simulation.runHistory();
    expect(server.people).toHaveLength(200);
    expect(new Set(server.requests.map(({ key }) => key)).size).toBe(6);
    const sent = all(server.requests);
    expect(sent.length).toBeGreaterThan(1_000);
    expect(reports.at(-1)).toMatchObject({
      phase: 'history',
      done: 1,
      people: 200,
      recorded: sent.length,
      rejected: 0,
    });
    for (const { key, attempts } of server.requests) {
      const times = attempts.map(({ occurredAt }) => occurredAt);
      expect(times).toEqual([...times].sort());
      expect(attempts.length).toBeLessThanOrEqual(300);
      expect(key).toMatch(/^Bearer key of /);
    }
  });

  it('sends the same again when started again', async () => {
    const first = stage();
    await first.simulation.runHistory();
    const second = stage();
    await second.simulation.runHistory();
    expect(all(second.server.requests)).toEqual(all(first.server.requests));
  });

  it('then goes live: each attempt at its own moment, the first attack after 20 s, another every three minutes', async () => {
    const { simulation, server, reports } = stage({ historyDays: 0.05 }, startsAt + 16 * MINUTE);
    await simulation.run();
    const live = server.requests.filter(({ attempts }) =>
      attempts.some(({ occurredAt }) => Date.parse(occurredAt) > startsAt),
    );
    for (const { at, attempts } of live) {
      for (const { occurredAt } of attempts) expect(Math.abs(at - Date.parse(occurredAt))).toBeLessThanOrEqual(50);
    }
    const attacks = new Map<string, number>();
    for (const { id = '', occurredAt } of all(live)) {
      const kind = /^x[0-9a-f]{6}-(.+?)-[0-9a-z]{8}-/.exec(id)?.[1];
      if (kind !== undefined && !attacks.has(kind)) attacks.set(kind, Date.parse(occurredAt) - startsAt);
    }
    expect([...attacks.keys()]).toEqual(['spray', 'fatigue', 'brute-force', 'travel', 'stuffing']);
    const starts = [...attacks.values()];
    expect(starts[0]).toBeGreaterThanOrEqual(20 * SECOND);
    expect(starts[0]).toBeLessThan(23 * SECOND);
    for (let i = 1; i < 5; i++) {
      expect(Math.abs((starts[i] ?? 0) - (starts[i - 1] ?? 0) - 3 * MINUTE)).toBeLessThan(5 * SECOND);
    }
    expect(new Set(reports.map(({ drill }) => drill))).toContain(null);
  });

  it('leaves out what fell into a long sleep of the machine', async () => {
    const asleep = stage({ historyDays: 0.01, drills: [] });
    let woken = 0;
    const nap = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
      await asleep.time.sleep(milliseconds, signal);
      if (woken === 0 && asleep.time.at > startsAt + 2 * MINUTE) woken = asleep.time.at += 8 * HOUR;
      else if (woken > 0 && asleep.time.at > woken + 3 * MINUTE) asleep.abort.abort();
    };
    await stageWith(asleep, nap).run();
    const sent = all(asleep.server.requests).map(({ occurredAt }) => Date.parse(occurredAt));
    const gap = [...sent]
      .sort((a, b) => a - b)
      .reduce((most, at, i, list) => Math.max(most, at - (list[i - 1] ?? at)), 0);
    expect(gap).toBeGreaterThan(7 * HOUR);
    expect(sent.length).toBeLessThan(1_500);
  });

  it('plays one attack in real time', async () => {
    const { simulation, server, time } = stage({ historyDays: 0 });
    await simulation.runDrill('spray');
    expect(all(server.requests)).toHaveLength(123);
    expect(time.at - startsAt).toBeGreaterThan(2 * MINUTE);
    expect(time.at - startsAt).toBeLessThan(3 * MINUTE);
  });

  it('ends quietly when aborted', async () => {
    const { simulation, abort, server } = stage();
    abort.abort();
    await simulation.run();
    expect(server.bodies).toEqual([]);
  });
});

function stageWith(
  { server, time, abort }: ReturnType<typeof stage>,
  sleep: SimulationOptions['sleep'] & object,
): Simulation {
  return new Simulation({
    url: 'http://127.0.0.1:1',
    signal: abort.signal,
    applications,
    peopleKey: 'key of the directory',
    historyDays: 0.01,
    drills: [],
    clock: time.clock,
    sleep,
    fetch: server.fetch,
  });
}
