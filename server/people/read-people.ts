import type { DataSource } from 'typeorm';
import type { Page } from '../contracts/paging.js';
import type {
  PeopleCount,
  PeopleFilter,
  PeopleQuery,
  PersonDetail,
  PersonState,
  PersonView,
  Role,
} from '../contracts/people.js';
import { Refusal } from '../platform/errors.js';
import type { Cursors } from '../platform/paging.js';
import { countLive } from '../sessions/count-live.js';
import { beginsWith, hasTwoStep, personState, searchLiteral } from './person-columns.js';
import { readDays, STRIP_DAYS } from './read-days.js';

type Row = {
  id: string;
  name: string;
  sort: string;
  email: string;
  username: string | null;
  title: string | null;
  role: Role;
  manager_id: string | null;
  manager_name: string | null;
  manager_email: string | null;
  state: PersonState;
  two_step: boolean;
  simulated: boolean;
  created_at: Date;
};
type Tally = { value: string; asn: string | null; count: number };

const TOP = 8;

const select = `
  SELECT p.id, p.name, lower(p.name) AS sort, p.email, p.username, p.title, p.role, p.manager_id, m.name AS manager_name, m.email AS manager_email, ${personState} AS state, ${hasTwoStep} AS two_step, p.simulated,
    p.created_at FROM people p LEFT JOIN people m ON m.id = p.manager_id`;

/** What a filter finds; its values come from `filterValues`. */
const matching = `($1::text IS NULL OR p.role = $1)
  AND ($2::text IS NULL OR ${beginsWith('$2')})
  AND ($3::text IS NULL OR ${personState} = $3) AND ($4::boolean IS NULL OR ${hasTwoStep} = $4)`;

const filterValues = ({ role, search, state, twoStep }: PeopleFilter): unknown[] => [
  role ?? null,
  search === undefined ? null : searchLiteral(search),
  state ?? null,
  twoStep === undefined ? null : twoStep === 'on',
];

/** Reads people for lists and pages. */
export class ReadPeople {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
  ) {}

  /** By name; `search` matches the beginning of a part of the name, of the address, or of the user name. */
  async list(query: PeopleQuery): Promise<Page<PersonView>> {
    const position = this.cursors.decode('people', query.cursor);
    const rows = await this.database.query<Row[]>(
      `${select} WHERE ${matching} AND ($5::text IS NULL OR (lower(p.name), p.id) > ($5, $6::uuid))
       ORDER BY lower(p.name), p.id LIMIT $7`,
      [...filterValues(query), position?.[0] ?? null, position?.[1] ?? null, query.limit + 1],
    );
    const page = this.cursors.page('people', rows, query.limit, (row) => [row.sort, row.id]);
    return { items: page.items.map(toPersonView), nextCursor: page.nextCursor };
  }

  async count(filter: PeopleFilter): Promise<PeopleCount> {
    const [counted] = await this.database.query<PeopleCount[]>(
      `SELECT count(*)::int AS total FROM people p WHERE ${matching}`,
      filterValues(filter),
    );
    return { total: counted?.total ?? 0 };
  }

  /** @throws Refusal `not_found` */
  async read(id: string): Promise<PersonDetail> {
    const [row] = await this.database.query<Row[]>(`${select} WHERE p.id = $1`, [id]);
    if (!row) throw new Refusal('not_found');
    const recent = `FROM attempts WHERE person_id = $1 AND occurred_at > now() - interval '${STRIP_DAYS} days'`;
    const top = (value: string, more = ''): Promise<Tally[]> =>
      this.database.query<Tally[]>(
        `SELECT ${value} AS value, ${more || 'NULL'} AS asn, count(*)::int AS count ${recent} AND ${value} IS NOT NULL GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT ${TOP}`,
        [id],
      );
    const [state, days, countries, networks, clients, openSessions] = await Promise.all([
      this.database.query<{ last: Date | null; alerts: number }[]>(
        `SELECT (SELECT max(occurred_at) FROM attempts WHERE person_id = $1 AND outcome = 'success') AS last,
           (SELECT count(*)::int FROM alerts WHERE person_id = $1 AND status NOT IN ('resolved', 'closed')) AS alerts`,
        [id],
      ),
      readDays(this.database, id),
      top('country'),
      top('organisation', 'asn'),
      top("concat_ws(' on ', browser, os)"),
      countLive(this.database, id),
    ]);
    return {
      ...toPersonView(row),
      lastSuccessAt: state[0]?.last?.toISOString() ?? null,
      openAlerts: state[0]?.alerts ?? 0,
      openSessions,
      days,
      countries: countries.map(({ value, count }) => ({ value, count })),
      networks: networks.map(({ value, asn, count }) => ({ value, asn: asn === null ? null : Number(asn), count })),
      clients: clients.filter(({ value }) => value !== '').map(({ value, count }) => ({ value, count })),
    };
  }
}

function toPersonView(row: Row): PersonView {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    username: row.username,
    title: row.title,
    role: row.role,
    manager:
      row.manager_id === null
        ? null
        : { id: row.manager_id, name: row.manager_name ?? '', email: row.manager_email ?? '' },
    state: row.state,
    twoStep: row.two_step,
    simulated: row.simulated,
    createdAt: row.created_at.toISOString(),
  };
}
