import { LRUCache } from 'lru-cache';
import type { DataSource } from 'typeorm';
import type { Outcome } from '../contracts/attempts.js';
import type { OverviewLists, OverviewQuery } from '../contracts/overview.js';
import type { Clock } from '../platform/clock.js';
import { periodsAt, type Stretch } from './domain/overview-period.js';
import { listsOfNewest } from './newest-lists.js';
import { LINES, type Periods, placesOf, totalsOf, type Unnamed } from './overview-lists.js';
import { isCounted } from './read-figures.js';
import { readTravels } from './read-travels.js';
import { resolveFilter } from './resolve-filter.js';
import { namesOfNetworks, namesOfPeople } from './store/overview-names.js';
import {
  type ApplicationCount,
  countByApplication,
  countPlaces,
  rankReasons,
  rankValues,
  type TallyFilter,
} from './store/overview-tallies.js';

/** For how long an answer is given again, in milliseconds: the longer the period, the less a minute of it matters. */
const REMEMBERED_MS = { '24h': 2_000, '7d': 20_000, '30d': 60_000 };
const REMEMBERED_MAX = 200;

/** What a period holds by who, where and why: from kept counts, or for a narrower view from the newest attempts. */
export class ReadOverview {
  private readonly remembered = new LRUCache<string, Promise<OverviewLists>>({ max: REMEMBERED_MAX });

  constructor(
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  /** However many consoles ask the same at a time, it is looked for once. */
  read(query: OverviewQuery): Promise<OverviewLists> {
    const key = JSON.stringify(Object.entries(query).sort(([a], [b]) => (a < b ? -1 : 1)));
    let answer = this.remembered.get(key);
    if (!answer) {
      answer = this.find(query);
      this.remembered.set(key, answer, { ttl: REMEMBERED_MS[query.period] });
      answer.catch(() => this.remembered.delete(key));
    }
    return answer;
  }

  private async find({ period: name, ...asked }: OverviewQuery): Promise<OverviewLists> {
    const periods = periodsAt(name, this.clock());
    const filter = await resolveFilter(this.database, asked);
    const outcomes: Outcome[] = asked.outcome ? [asked.outcome] : ['failure', 'blocked'];
    // People and addresses are counted where a sign-in did not succeed; see `tallyAttempts`.
    const fromCounts = isCounted(filter) && asked.outcome !== 'success';
    const lists = fromCounts
      ? await this.fromCounts(filter, outcomes, periods)
      : await listsOfNewest(this.database, filter, outcomes, periods);
    return {
      ...lists,
      ...(await this.named(lists)),
      travels: await readTravels(this.database),
      period: asInstants(periods.period),
      previous: asInstants(periods.previous),
      ranked: asked.outcome ?? 'failed',
    };
  }

  private async fromCounts(filter: TallyFilter, outcomes: Outcome[], periods: Periods): Promise<Unnamed> {
    const { database } = this;
    const ranked = { outcomes, application: filter.application, limit: LINES };
    const rank = (dimension: Parameters<typeof rankValues>[1]) => rankValues(database, dimension, ranked, periods);
    const [applications, reasons, people, addresses, networks, countries, places] = await Promise.all([
      countByApplication(database, filter, periods),
      rankReasons(database, ranked, periods),
      rank('person'),
      rank('address'),
      rank('network'),
      rank('country'),
      countPlaces(database, filter, periods.period),
    ]);
    return {
      newest: null,
      totals: totalsOf(applications, ({ count }) => count),
      before: totalsOf(applications, ({ before }) => before),
      reasons: reasons.map(({ outcome, value, count, before }) => ({ outcome, reason: value, count, before })),
      people,
      addresses: addresses.map(({ value, ...rest }) => ({ address: value, ...rest })),
      networks,
      countries: countries.map(({ value, ...rest }) => ({ country: value || null, ...rest })),
      applications: rankApplications(applications, outcomes),
      ...placesOf(places, places[0]?.places ?? 0),
    };
  }

  private async named({ people, networks }: Unnamed): Promise<Pick<OverviewLists, 'people' | 'networks'>> {
    const [names, organisations] = await Promise.all([
      namesOfPeople(
        this.database,
        people.map(({ value }) => value),
      ),
      namesOfNetworks(
        this.database,
        networks.flatMap(({ value }) => (value === '' ? [] : [value])),
      ),
    ]);
    return {
      people: people.map(({ value, ...rest }) => ({
        person: { id: value, name: names.get(value) ?? 'Removed person' },
        ...rest,
      })),
      networks: networks.map(({ value, ...rest }) => ({
        asn: value === '' ? null : Number(value),
        organisation: organisations.get(value) ?? null,
        ...rest,
      })),
    };
  }
}

function rankApplications(
  rows: readonly ApplicationCount[],
  outcomes: readonly Outcome[],
): OverviewLists['applications'] {
  const found = new Map<string, OverviewLists['applications'][number]>();
  for (const { id, name, outcome, count, before } of rows) {
    if (!outcomes.includes(outcome)) continue;
    const line = found.get(id) ?? { application: { id, name }, count: 0, before: 0 };
    found.set(id, { ...line, count: line.count + count, before: (line.before ?? 0) + before });
  }
  return [...found.values()]
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count || (a.application.name < b.application.name ? -1 : 1))
    .slice(0, LINES);
}

const asInstants = ({ from, to }: Stretch): { from: string; to: string } => ({
  from: new Date(from).toISOString(),
  to: new Date(to).toISOString(),
});
