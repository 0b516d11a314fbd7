import type { PoolClient } from 'pg';
import type { DataSource, EntityManager } from 'typeorm';
import { listAlerts } from '../../server/alerts/store/read-alerts.js';
import { networkNames, readEdge, tallyNewest, tallyRange } from '../../server/attempts/store/read-entity.js';
import { putIntoInbox, takeFromInbox } from '../../server/attempts/inbox.js';
import { listAttempts, readAttempt, type ResolvedFilter } from '../../server/attempts/store/read-attempts.js';
import { countNewest, groupNewest } from '../../server/attempts/store/overview-newest.js';
import { countPlaces, rankValues } from '../../server/attempts/store/overview-tallies.js';
import { AppendAudit, systemActor } from '../../server/audit/append-audit.js';
import type { AlertQuery } from '../../server/contracts/alerts.js';
import { uuidAt } from '../../server/platform/clock.js';
import { MatchSubjects } from '../../server/people/match-subjects.js';
import { RETENTION_DAYS_DEFAULT } from '../../server/platform/config.js';
import { createDataSource } from '../../server/platform/database/data-source.js';
import { migrate } from '../../server/platform/database/migrate.js';
import { CheckSession } from '../../server/sessions/check-session.js';
import { Revoke, type Selection } from '../../server/sessions/revoke.js';
import { ReadTeam } from '../../server/team/read-team.js';
import { lastSignIns } from '../../server/team/store/read-team.js';
import { Cursors } from '../../server/platform/paging.js';
import { listSessions } from '../../server/sessions/store/read-sessions.js';
import { emptyDatabase } from '../support/postgres.js';
import { recountedTallies } from '../support/recount-tallies.mjs';

const PERSON = '00000000-0000-4000-8000-000000000007';
const MANAGER = '00000000-0000-4000-8000-000000000001';
const APPLICATION = '00000000-0000-4000-9000-000000000001';
/** Rows filled into each table: enough that reading all of it is never the cheapest way. */
const ATTEMPTS = 60_000;
const OTHERS = 20_000;
/** From so many rows on a table counts as large. */
const LARGE = 1_000;

type Plan = {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  Plans?: Plan[];
};
type Statement = { sql: string; values: unknown[] };

describe('statements on the money path, on filled tables', () => {
  let database: DataSource;
  let drop: () => Promise<void>;
  /** Tables and partitions that are not to be read from end to end. */
  let large: Set<string>;

  beforeAll(async () => {
    const fresh = await emptyDatabase();
    drop = fresh.drop;
    database = await createDataSource(fresh.url, 4).initialize();
    await migrate(database, RETENTION_DAYS_DEFAULT);
    for (const statement of filling) await database.query(statement);
    await database.query('VACUUM ANALYZE');
    const rows = await database.query<{ name: string }[]>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND reltuples > ${LARGE}`,
    );
    large = new Set(rows.map(({ name }) => name));
    expect([...large]).toEqual(expect.arrayContaining(['people', 'sessions', 'alerts', 'attempt_keys']));
  });
  afterAll(async () => {
    await database.destroy();
    await drop();
  });

  /** What the product's own code asks the database for: everything is passed on, and written down. */
  async function statementsOf(work: (spy: DataSource & PoolClient) => Promise<unknown>): Promise<Statement[]> {
    const statements: Statement[] = [];
    const runner = database.createQueryRunner();
    await runner.startTransaction();
    const query = async (asked: string | { text: string; values: unknown[] }, values: unknown[] = []) => {
      const statement = typeof asked === 'string' ? { sql: asked, values } : { sql: asked.text, values: asked.values };
      statements.push(statement);
      const rows: unknown = await runner.query(statement.sql, statement.values);
      return typeof asked === 'string' ? rows : { rows };
    };
    const spy = {
      query,
      transaction: (inner: (tx: EntityManager) => unknown) => inner(spy as unknown as EntityManager),
    };
    try {
      await work(spy as unknown as DataSource & PoolClient);
    } finally {
      await runner.rollbackTransaction();
      await runner.release();
    }
    return statements;
  }

  /** Indexes that a statement's plan uses, without the name of the partition, and large tables that it reads from end to end. */
  async function explain({ sql, values }: Statement): Promise<{ indexes: string[]; scanned: string[] }> {
    const [row] = await database.query<{ 'QUERY PLAN': { Plan: Plan }[] }[]>(`EXPLAIN (FORMAT JSON) ${sql}`, values);
    const nodes = flatten(row!['QUERY PLAN'][0]!.Plan);
    const read = nodes.flatMap((node) => (node['Node Type'] === 'Seq Scan' ? (node['Relation Name'] ?? []) : []));
    const indexes = nodes.flatMap((node) => node['Index Name'] ?? []);
    return { indexes: indexes.map(withoutPartition), scanned: read.filter((name) => large.has(name)) };
  }

  async function expectIndex(work: (spy: DataSource & PoolClient) => Promise<unknown>, index?: string): Promise<void> {
    const plans = await Promise.all((await statementsOf(work)).filter(isQuery).map(explain));
    expect(plans.flatMap(({ scanned }) => scanned)).toEqual([]);
    if (index !== undefined) expect(plans.flatMap(({ indexes }) => indexes)).toContain(index);
  }

  const day = (ago: number): string => new Date(Date.now() - ago * 86_400_000).toISOString();
  const filters: [ResolvedFilter, string][] = [
    [{}, 'pkey'],
    [{ person: PERSON }, 'person_id_occurred_at'],
    [{ subject: 'nobody-7@example.com' }, 'subject_occurred_at'],
    [{ ip: '198.51.7.7' }, 'ip_occurred_at'],
    [{ cidr: '198.51.7.0/30' }, 'ip_occurred_at'],
    [{ asn: 64_507 }, 'asn_occurred_at'],
    [{ riskMin: 80 }, 'occurred_at_id'],
    [{ from: day(20), to: day(19) }, 'pkey'],
    [{ outcome: 'failure' }, 'pkey'],
    [{ country: 'PT' }, 'pkey'],
    [{ country: 'SE' }, 'country_occurred_at'],
    [{ application: APPLICATION }, 'pkey'],
    [{ reason: 'wrong_password' }, 'pkey'],
    [{ reason: 'policy' }, 'reason_occurred_at'],
  ];

  it.each(filters)('lists attempts by %j', async (filter, index) => {
    await expectIndex((spy) => listAttempts(spy, filter, undefined, 51), index);
    const after = { at: day(10), id: 'ffffffff-ffff-4fff-bfff-ffffffffffff' };
    await expectIndex((spy) => listAttempts(spy, filter, after, 51), index);
  });

  it('ranks the most of a month from kept counts, and narrower from the newest attempts', async () => {
    const month = { from: Date.now() - 30 * 86_400_000, to: Date.now() };
    const periods = { period: month, previous: { from: month.from - 30 * 86_400_000, to: month.from } };
    const ranked = { outcomes: ['failure', 'blocked'] as const, application: undefined, limit: 5 };
    await expectIndex((spy) => rankValues(spy, 'address', ranked, periods), 'attempt_tallies_ranked');
    await expectIndex((spy) => countPlaces(spy, {}, month), 'attempt_tallies_where_pkey');
    const newest = { period: month, outcomes: ranked.outcomes, limit: 5 };
    await expectIndex((spy) => groupNewest(spy, { country: 'SE' }, newest), 'country_occurred_at');
    await expectIndex((spy) => countNewest(spy, { asn: 64_507 }, 'hour', month), 'asn_occurred_at');
  });

  it('reads one attempt in the one partition that its id names', async () => {
    await expectIndex((spy) => readAttempt(spy, uuidAt(Date.parse(day(5)))), 'pkey');
  });

  it('claims identities and takes from the inbox', async () => {
    // An insert meets its conflict in the unique index by nature, and no plan says so.
    await expectIndex((spy) => putIntoInbox(spy, ['00000000000040008000000000000001'], '{}'));
    await expectIndex((spy) => takeFromInbox(spy, [], { rowsMax: 4, attemptsMax: 100 }), 'attempt_inbox_pkey');
  });

  it('checks a session, and finds the ended and locked among the open sockets', async () => {
    const check = (spy: DataSource): CheckSession => new CheckSession(spy);
    await expectIndex((spy) => check(spy).check('a'.repeat(43), true), 'sessions_token_hash_key');
    await expectIndex((spy) => check(spy).replacedBy('a'.repeat(43)), 'sessions_former_token');
    await expectIndex((spy) => check(spy).findShut([PERSON]), 'sessions_pkey');
  });

  const selections: [Selection, string][] = [
    [{ sessionId: PERSON }, 'sessions_pkey'],
    [{ personId: PERSON }, 'sessions_person'],
  ];
  it.each(selections)('revokes by %j', async (select, index) => {
    const audit = new AppendAudit(Buffer.alloc(32));
    const request = { select, by: systemActor, endReason: 'policy' } as const;
    await expectIndex((spy) => new Revoke(spy, audit).revoke(request), index);
  });

  it('lists live sessions, all and those of one person', async () => {
    await expectIndex((spy) => listSessions(spy, { state: 'live' }, undefined, 51), 'sessions_live');
    await expectIndex((spy) => listSessions(spy, { state: 'live', person: PERSON }, undefined, 51), 'sessions_person');
    await expectIndex((spy) => listSessions(spy, { state: 'ended' }, undefined, 51), 'sessions_ended');
  });

  const alerts: [Partial<AlertQuery>, string][] = [
    [{ status: 'open' }, 'alerts_raised'],
    [{ status: 'all' }, 'alerts_raised'],
    [{ status: 'all', person: PERSON }, 'alerts_person'],
    [{ status: 'all', ip: '198.51.7.7' }, 'alerts_ip'],
  ];
  it.each(alerts)('lists alerts by %j', async (query, index) => {
    await expectIndex(
      (spy) => listAlerts(spy, { limit: 50, folded: false, ...query } as AlertQuery, undefined, 51),
      index,
    );
  });

  const entities: [ResolvedFilter, string | undefined][] = [
    [{ ip: '198.51.7.7' }, 'ip_occurred_at'],
    [{ asn: 64_507 }, 'asn_occurred_at'],
    // All attempts are of this one: reading them by time or by application is the same.
    [{ application: APPLICATION }, undefined],
  ];
  it.each(entities)('reads the page of %j', async (filter, index) => {
    await expectIndex((spy) => tallyNewest(spy, filter, 500), index);
    await expectIndex((spy) => readEdge(spy, filter, 'oldest'), index);
    await expectIndex((spy) => readEdge(spy, filter, 'newest'), index);
  });

  it('reads the neighbourhood of an address, and the names of networks', async () => {
    await expectIndex((spy) => tallyRange(spy, '198.51.7.0/24', 500), 'ip_occurred_at');
    await expectIndex((spy) => networkNames(spy, ['64507', '64508']), 'asn_occurred_at');
  });

  it('finds the people of a manager, and their last sign-ins', async () => {
    const team = (spy: DataSource): ReadTeam => new ReadTeam(spy, new Cursors([Buffer.alloc(32)]));
    await expectIndex((spy) => team(spy).read(MANAGER, PERSON), 'people_manager_id');
    await expectIndex((spy) => lastSignIns(spy, [PERSON]), 'person_id_occurred_at');
  });

  it('matches subjects', async () => {
    const subjects = [{ applicationId: APPLICATION, subject: 'person-7@example.com' }];
    await expectIndex((spy) => new MatchSubjects(spy, Date.now).match(subjects), 'person_identifiers_pkey');
  });
});

const isQuery = ({ sql }: Statement): boolean => !/^SELECT pg_(notify|advisory)/.test(sql);

const flatten = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(flatten)];

/** Indexes of partitions are named after their columns: `attempts_2026_03_ip_occurred_at_idx`. */
const withoutPartition = (name: string): string => name.replace(/^attempts_\d{4}_\d\d_?/, '').replace(/_idx$/, '');

/** Uneven on purpose, as life is: a thousand people who sign in, a few hundred addresses, one risky attempt in two hundred. */
const filling = [
  `INSERT INTO applications (id, name, name_key, kind) VALUES ('${APPLICATION}', 'Webmail', 'webmail', 'connected')`,
  `INSERT INTO people (id, name, email, role)
   SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'Person ' || n, 'person-' || n || '@example.com', 'user'
   FROM generate_series(1, ${OTHERS}) AS n`,
  `UPDATE people SET role = 'manager' WHERE id = '${MANAGER}'`,
  `UPDATE people SET manager_id = '${MANAGER}' WHERE id > '${MANAGER}' AND id < '00000000-0000-4000-8000-000000000020'`,
  `INSERT INTO person_identifiers (value, kind, person_id)
   SELECT 'person-' || n || '@example.com', 'email', ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid FROM generate_series(1, ${OTHERS}) AS n`,
  `INSERT INTO attempts (id, occurred_at, received_at, application_id, person_id, subject, outcome, reason, ip, asn, network_kind, country, device,
     score, level, policy_version, simulated)
   SELECT gen_random_uuid(), now() - n * interval '2 minutes', now() - n * interval '2 minutes', '${APPLICATION}',
     CASE WHEN n % 3 > 0 THEN ('00000000-0000-4000-8000-' || lpad((n % 1000 + 1)::text, 12, '0'))::uuid END,
     CASE WHEN n % 3 > 0 THEN 'person-' || (n % 1000 + 1) ELSE 'nobody-' || (n % 5000) END || '@example.com',
     CASE WHEN n % 4 = 0 THEN 'failure' ELSE 'success' END::attempt_outcome, CASE WHEN n % 4 = 0 THEN 'wrong_password' END,
     ('198.51.' || (n % 200) || '.' || (n % 251))::inet, 64500 + n % 300, 'residential', CASE WHEN n % 5 = 0 THEN 'PT' ELSE 'DE' END, 'desktop',
     CASE WHEN n % 200 = 0 THEN 85 ELSE n % 40 END, 'low', 1, false
   FROM generate_series(1, ${ATTEMPTS}) AS n`,
  `INSERT INTO attempt_tallies ${recountedTallies}`,
  `INSERT INTO attempt_keys (key, received_on) SELECT gen_random_uuid(), current_date FROM generate_series(1, ${OTHERS})`,
  `INSERT INTO attempt_inbox (attempts, payload) SELECT 1, '\\x00' FROM generate_series(1, ${OTHERS})`,
  `INSERT INTO sessions (id, token_hash, person_id, aal, amr, device, ip, network, started_at, last_seen_at, idle_limit, expires_at, ended_at, end_reason)
   SELECT gen_random_uuid(), sha256(n::text::bytea), ('00000000-0000-4000-8000-' || lpad((n % 1000 + 1)::text, 12, '0'))::uuid, 1, '{pwd}', 'desktop',
     '192.0.2.1', '{}', now() - n * interval '1 minute', now() - n * interval '1 second', interval '12 hours', now() + interval '1 day',
     CASE WHEN n % 10 > 0 THEN now() - n * interval '1 minute' END, CASE WHEN n % 10 > 0 THEN 'signed_out' END
   FROM generate_series(1, ${OTHERS}) AS n`,
  `INSERT INTO alerts (id, kind, severity, status, dedup_key, subject, person_id, ip, evidence, first_at, last_at, raised_at)
   SELECT gen_random_uuid(), 'brute-force-source', 'medium', CASE WHEN n % 5 = 0 THEN 'new' ELSE 'resolved' END, 'key-' || n, 'subject',
     ('00000000-0000-4000-8000-' || lpad((n % 1000 + 1)::text, 12, '0'))::uuid, ('198.51.' || (n % 200) || '.' || (n % 251))::inet, '{"topSubjects": []}',
     now() - n * interval '1 minute', now() - n * interval '1 minute', now() - n * interval '1 minute'
   FROM generate_series(1, ${OTHERS}) AS n`,
];
