import { setTimeout as wait } from 'node:timers/promises';
import { type AttemptCounts, NO_COUNTRY, NO_NETWORK, type Outcome } from '../../server/contracts/attempts.js';
import type { OverviewFigures, OverviewLists } from '../../server/contracts/overview.js';
import { noteWatching, tidyCounts } from '../../server/attempts/tidy-counts.js';
import { maintainPartitions } from '../../server/platform/database/partitions.js';
import { anAttempt, ApiClient, eventually, type Gatehouse, startGatehouse } from '../support/gatehouse.js';
import { recountedMinutes, recountedTallies } from '../support/recount-tallies.mjs';

const DAY_MS = 86_400_000;
const ago = (days: number): string => new Date(Date.now() - days * DAY_MS).toISOString();

describe('the overview', () => {
  let gatehouse: Gatehouse;
  let staff: ApiClient;
  let key: string;
  let samId: string;
  let expected = 0;

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    key = await staff.application('Webmail');
    const people = await staff.call<{ people: { id: string }[] }>('POST', '/api/v1/people', [
      { name: 'Sam Okafor', email: 'sam@example.com' },
      { name: 'Marta Nunes', email: 'marta@example.com' },
    ]);
    expect(people.status).toBeLessThan(300);
    samId = (
      await gatehouse.database.query<{ id: string }[]>(`SELECT id FROM people WHERE email = 'sam@example.com'`)
    )[0]!.id;
    await settled();
    expected = await rows();
  });
  afterAll(() => gatehouse.stop());

  const rows = async (): Promise<number> =>
    (await gatehouse.database.query<{ n: number }[]>('SELECT count(*)::int AS n FROM attempts'))[0]!.n;
  const settled = () =>
    eventually(
      async () => (await gatehouse.database.query<unknown[]>('SELECT FROM attempt_inbox')).length === 0,
      'all is scored',
      30_000,
    );
  const record = async (attempts: unknown[], new_ = attempts.length): Promise<void> => {
    const answer = await staff.call<{ recorded: number }>('POST', '/api/v1/attempts', attempts, {
      authorization: `Bearer ${key}`,
    });
    expect(answer).toMatchObject({ status: 202, body: { recorded: new_ } });
    expected += new_;
  };

  /** Every count that is not what the attempts say, either way round. */
  async function differences(): Promise<unknown[]> {
    const tallies = 'SELECT dimension, application_id, outcome, bucket, value, attempts, critical FROM attempt_tallies';
    const minutes = 'SELECT minute, application_id, outcome, attempts FROM attempt_minutes';
    const both = (a: string, b: string) => `(${a} EXCEPT ${b}) UNION ALL (${b} EXCEPT ${a})`;
    return [
      ...(await gatehouse.database.query<unknown[]>(both(tallies, recountedTallies))),
      ...(await gatehouse.database.query<unknown[]>(both(minutes, recountedMinutes))),
    ];
  }

  const asQuery = (filter: Record<string, string>): string => new URLSearchParams(filter).toString();
  async function read<T>(part: string, filter: Record<string, string>): Promise<T> {
    const { status, body } = await staff.call<T>('GET', `/api/v1/overview/${part}?${asQuery(filter)}`);
    expect([filter, status]).toEqual([filter, 200]);
    return body;
  }
  const counts = async ({ outcome, ...filter }: Record<string, string>): Promise<AttemptCounts> => {
    const { body } = await staff.call<AttemptCounts>('GET', `/api/v1/attempts/counts?${asQuery(filter)}`);
    if (outcome === undefined) return body;
    const only = body[outcome as Outcome];
    return { success: 0, failure: 0, challenge: 0, blocked: 0, [outcome]: only, total: only };
  };

  /** What sources send on a day: people and strangers, old and new addresses, from known places and none, now and late. */
  const mixed = (turn: number): Record<string, unknown>[] => [
    anAttempt({ subject: 'sam@example.com' }),
    anAttempt({ subject: 'Marta@example.com', outcome: 'success', reason: undefined, ip: '81.2.69.142' }),
    anAttempt({ subject: 'nobody@example.com', reason: 'unknown_user', ip: '2001:871:0:0:1::7' }),
    anAttempt({ subject: 'sam@example.com', outcome: 'challenge', reason: undefined, ip: '10.0.0.7' }),
    anAttempt({ subject: 'sam@example.com', outcome: 'blocked', reason: 'a|b/c\\d', ip: '2a02:0:0:1:0::1' }),
    anAttempt({ occurredAt: ago(2), subject: 'marta@example.com' }),
    anAttempt({ occurredAt: ago(20 + turn / 100), ip: '217.65.48.1' }),
    anAttempt({ occurredAt: ago(20), ip: '217.65.48.1' }),
  ];

  it('counts by minute, place, person and reason exactly what is stored, also past repeats, late attempts and a killed worker', async () => {
    const first = mixed(0);
    await record(first);
    await record(first, 0);
    for (let turn = 1; turn <= 30; turn += 1) {
      await record(mixed(turn));
      if (turn === 8 || turn === 20) gatehouse.processes.workers.at(-1)!.kill('SIGKILL');
      if (turn === 10 || turn === 22) await gatehouse.startWorker();
      await wait(20);
    }
    await settled();
    expect(await rows()).toBe(expected);
    await tidyCounts(gatehouse.database, Date.now());
    expect(await differences()).toEqual([]);
    // Whatever is late for a day that was folded waits for the next time.
    await record([anAttempt({ occurredAt: ago(20.3) })]);
    await settled();
    await tidyCounts(gatehouse.database, Date.now());
    expect(await differences()).toEqual([]);
  });

  it('answers with what the lists behind its numbers hold, narrowed by anything, from kept counts and from attempts alike', async () => {
    const [{ id: application }] = await gatehouse.database.query<[{ id: string }]>(
      `SELECT id FROM applications WHERE name = 'Webmail'`,
    );
    const filters: Record<string, string>[] = [
      {},
      { application },
      { outcome: 'failure' },
      { outcome: 'success' },
      { person: samId },
      { subject: 'nobody@example.com' },
      { country: NO_COUNTRY },
      { asn: String(NO_NETWORK), outcome: 'challenge' },
      { cidr: '2001:871::/64' },
      { reason: 'a|b/c\\d' },
    ];
    for (const filter of filters) {
      const lists = await read<OverviewLists>('lists', filter);
      const counted = await counts({ ...filter, ...lists.period });
      expect([filter, lists.totals]).toEqual([filter, counted]);
      expect(lists.newest).toBeNull();
      const figures = await read<OverviewFigures>('figures', filter);
      const hour = figures.minutes.map(({ counts: of }) => of.failure + of.success + of.challenge + of.blocked);
      expect([filter, hour.reduce((all, of) => all + of, 0)]).toEqual([filter, counted.total]);
      expect(figures.hours.at(-1)!.counts).not.toBeNull();
      expect(figures.hours.at(0)!.counts).toBeNull();
      const [address] = lists.addresses;
      if (!address || filter['cidr'] !== undefined) continue;
      const by = address.address.includes('/') ? { cidr: address.address } : { ip: address.address };
      const of = await counts({ ...filter, ...by, ...lists.period });
      const ranked = lists.ranked === 'failed' ? of.failure + of.blocked : of[lists.ranked];
      expect([filter, address.count]).toEqual([filter, ranked]);
    }
  });

  it('compares with the period before, and names people, networks and places', async () => {
    const lists = await read<OverviewLists>('lists', { period: '30d' });
    expect(lists.totals.total).toBe(expected);
    expect(lists.before).toMatchObject({ total: 0 });
    expect(lists.people[0]).toMatchObject({ person: { name: 'Sam Okafor' }, before: 0 });
    expect(lists.networks.some(({ organisation }) => organisation !== null)).toBe(true);
    expect(lists.places.length).toBe(lists.placesInAll);
    expect(lists.places.reduce((all, { attempts }) => all + attempts, lists.withoutPlace.attempts)).toBe(expected);
    const week = await read<OverviewLists>('lists', { period: '7d' });
    expect(week.totals.total).toBeLessThan(lists.totals.total);
    expect((await staff.call('GET', '/api/v1/overview/lists?from=2026-01-01T00:00:00Z')).status).toBe(400);
  });

  it('forgets with retention, and whom and what is removed', async () => {
    const bySam = () =>
      gatehouse.database.query<unknown[]>(`SELECT FROM attempt_tallies WHERE dimension = 'person' AND value = $1`, [
        samId,
      ]);
    expect((await bySam()).length).toBeGreaterThan(0);
    expect((await staff.call('DELETE', `/api/v1/people/${samId}`)).status).toBe(204);
    expect(await bySam()).toEqual([]);
    expect(await differences()).toEqual([]);

    const future = Date.now() + 40 * DAY_MS;
    await noteWatching(gatehouse.database);
    await maintainPartitions(gatehouse.database, future, 1);
    await tidyCounts(gatehouse.database, future);
    for (const table of ['attempt_tallies', 'attempt_hours', 'attempt_minutes', 'hours_watched', 'attempts'])
      expect([table, await gatehouse.database.query(`SELECT FROM ${table}`)]).toEqual([table, []]);
  });
});
