import type { DataSource } from 'typeorm';
import { ENTITY_ATTEMPTS, ENTITY_DAYS, type EntityQuery, type EntityView } from '../contracts/entities.js';
import { throttledUntil } from '../incidents/throttle-source.js';
import { addressOf, sourceName } from '../platform/address.js';
import { Refusal } from '../platform/errors.js';
import { resolveFilter } from './resolve-filter.js';
import {
  applicationDays,
  type Dimension,
  type EntityEdge,
  networkNames,
  readApplication,
  readEdge,
  type TallyRow,
  tallyNewest,
  tallyRange,
} from './store/read-entity.js';
import type { ResolvedFilter } from './store/read-attempts.js';

const DAY_MS = 24 * 3_600_000;
type Days = EntityView['days'];

/** Reads what an address, a network or an application has to do with: from its newest attempts, so that a busy one costs no more. */
export class ReadEntity {
  constructor(
    private readonly database: DataSource,
    private readonly now: () => number,
  ) {}

  /** @throws Refusal `not_found` for an application that there is not */
  async read(query: EntityQuery): Promise<EntityView> {
    const filter = await resolveFilter(this.database, query);
    const application = await this.application(filter);
    const [rows, oldest, newest, address] = await Promise.all([
      tallyNewest(this.database, filter, ENTITY_ATTEMPTS),
      readEdge(this.database, filter, 'oldest'),
      readEdge(this.database, filter, 'newest'),
      filter.ip === undefined ? null : this.address(filter.ip),
    ]);
    const [all] = of(rows, 'all');
    const since = all && all.attempts >= ENTITY_ATTEMPTS ? all.since : null;
    return {
      address,
      application,
      ...edges(oldest, newest),
      counts: all ? counts(all) : { attempts: 0, successes: 0, failures: 0 },
      since: since?.toISOString() ?? null,
      days: application ? await this.applicationDays(application.id) : this.days(of(rows, 'day'), since),
      ...(await this.related(rows)),
    };
  }

  private async related(
    rows: readonly TallyRow[],
  ): Promise<Pick<EntityView, 'people' | 'addresses' | 'networks' | 'countries' | 'applications' | 'clients'>> {
    const networks = of(rows, 'network');
    const names = await networkNames(
      this.database,
      networks.map(({ value }) => value),
    );
    const people = [...of(rows, 'person'), ...of(rows, 'name')].sort((a, b) => b.attempts - a.attempts);
    return {
      people: {
        total: totalOf(rows, 'person') + totalOf(rows, 'name'),
        items: people.map((row) => ({
          ...counts(row),
          person: row.dimension === 'person' && row.label !== null ? { id: row.value, name: row.label } : null,
          name: row.label ?? (row.dimension === 'person' ? 'Somebody deleted' : row.value),
        })),
      },
      addresses: top(rows, 'address', ({ value }) => ({ ip: value })),
      networks: top(rows, 'network', ({ value }) => ({ asn: Number(value), organisation: names.get(value) ?? null })),
      countries: top(rows, 'country', ({ value }) => ({ country: value })),
      applications: top(rows, 'application', ({ value, label }) => ({
        application: { id: value, name: label ?? 'Removed application' },
      })),
      clients: top(rows, 'client', ({ value }) => ({ client: value })),
    };
  }

  private async application({ application }: ResolvedFilter): Promise<EntityView['application']> {
    if (application === undefined) return null;
    const known = await readApplication(this.database, application);
    if (!known) throw new Refusal('not_found');
    return known;
  }

  private async address(text: string): Promise<EntityView['address']> {
    const { ip, addressKey, prefixKey, special } = addressOf(text);
    const neighbourhood = addressKey === ip ? prefixKey : sourceName(ip);
    const rows = await tallyRange(this.database, neighbourhood, ENTITY_ATTEMPTS);
    const sum = (...outcomes: string[]): number =>
      rows.reduce((all, row) => (outcomes.includes(row.outcome) ? all + row.attempts : all), 0);
    const attempts = rows.reduce((all, row) => all + row.attempts, 0);
    return {
      ip,
      special,
      neighbourhood,
      near: {
        attempts,
        successes: sum('success'),
        failures: sum('failure', 'blocked'),
        addresses: Math.max(0, ...rows.map(({ addresses }) => addresses)),
        capped: attempts >= ENTITY_ATTEMPTS,
      },
      throttledUntil: (await throttledUntil(this.database, ip))?.toISOString() ?? null,
    };
  }

  private async applicationDays(id: string): Promise<Days> {
    const counted = new Map((await applicationDays(this.database, id)).map(({ day, ...rest }) => [day, rest]));
    return this.lastDays().map((day) => ({ day, counts: counted.get(day) ?? { success: 0, failure: 0 } }));
  }

  private days(rows: readonly TallyRow[], since: Date | null): Days {
    const counted = new Map(
      rows.map(({ value, successes, failures }) => [value, { success: successes, failure: failures }]),
    );
    const first = since?.toISOString().slice(0, 10) ?? '';
    return this.lastDays().map((day) => ({
      day,
      counts: day < first ? null : (counted.get(day) ?? { success: 0, failure: 0 }),
    }));
  }

  private lastDays(): string[] {
    return Array.from({ length: ENTITY_DAYS }, (_, index) =>
      new Date(this.now() - (ENTITY_DAYS - 1 - index) * DAY_MS).toISOString().slice(0, 10),
    );
  }
}

const edges = (
  oldest: EntityEdge | undefined,
  newest: EntityEdge | undefined,
): Pick<EntityView, 'network' | 'country' | 'firstAt' | 'lastAt'> => ({
  network: newest
    ? {
        asn: newest.asn === null ? null : Number(newest.asn),
        organisation: newest.organisation,
        kind: newest.network_kind,
      }
    : null,
  country: newest?.country ?? null,
  firstAt: oldest?.at.toISOString() ?? null,
  lastAt: newest?.at.toISOString() ?? null,
});

const of = (rows: readonly TallyRow[], dimension: Dimension): TallyRow[] =>
  rows.filter((row) => row.dimension === dimension);
const totalOf = (rows: readonly TallyRow[], dimension: Dimension): number =>
  of(rows, dimension)[0]?.distinctValues ?? 0;
const counts = ({ attempts, successes, failures }: TallyRow) => ({ attempts, successes, failures });

const top = <T>(rows: readonly TallyRow[], dimension: Dimension, shape: (row: TallyRow) => T) => ({
  total: totalOf(rows, dimension),
  items: of(rows, dimension).map((row) => ({ ...counts(row), ...shape(row) })),
});
