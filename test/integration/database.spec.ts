import type { DataSource, EntityManager } from 'typeorm';
import { AppendAudit, systemActor } from '../../server/audit/append-audit.js';
import { verifyChain } from '../../server/audit/verify-chain.js';
import { RETENTION_DAYS_DEFAULT } from '../../server/platform/config.js';
import { createDataSource } from '../../server/platform/database/data-source.js';
import { migrate } from '../../server/platform/database/migrate.js';
import { migrations } from '../../server/platform/database/migrations/index.js';
import { runCli, testFolder } from '../support/gatehouse-process.js';
import { emptyDatabase } from '../support/postgres.js';

const key = Buffer.alloc(32, 7);

describe('the database', () => {
  let database: DataSource;
  let url: string;
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let drop: () => Promise<void>;

  beforeAll(async () => {
    folder = await testFolder();
    ({ url, drop } = await emptyDatabase());
    database = await createDataSource(url, 10).initialize();
    await migrate(database, RETENTION_DAYS_DEFAULT);
  }, 60_000);
  afterAll(async () => {
    await database.destroy();
    await drop();
    await folder.remove();
  });

  it('goes down and up again, migration by migration, with rows in the tables', async () => {
    const whole = await columns(database);
    expect(whole).toContain('sessions.token_hash bytea');
    const later = migrations.length - 1;
    for (let step = 0; step < later; step += 1) await database.undoLastMigration();
    for (const row of rows) await database.query(row);
    const before = await contents(database);
    // Up over filled tables, down again and up: what the first migration knows is still there each time.
    for (let turn = 0; turn < 2; turn += 1) {
      await migrate(database, RETENTION_DAYS_DEFAULT);
      expect(await columns(database)).toEqual(whole);
      expect(await contents(database)).toEqual(before);
      for (let step = 0; step < later; step += 1) await database.undoLastMigration();
      expect(await contents(database)).toEqual(before);
    }
    await database.undoLastMigration();
    expect((await columns(database)).filter((column) => !column.startsWith('migrations.'))).toEqual([]);
    await migrate(database, RETENTION_DAYS_DEFAULT);
    expect(await columns(database)).toEqual(whole);
  }, 60_000);

  it('is migrated without losing what a longer retention keeps', async () => {
    const settings = { DATABASE_URL: url, GATEHOUSE_DATA_DIR: folder.path, RETENTION_DAYS: '1000' };
    for (let turn = 0; turn < 2; turn += 1)
      expect(await runCli(['migrate'], settings)).toMatchObject({ code: 0, stdout: 'The database is up to date.\n' });
    const old = new Date(Date.now() - 990 * 86_400_000);
    const month = String(old.getUTCMonth() + 1).padStart(2, '0');
    expect(await columns(database)).toContain(`attempts_${old.getUTCFullYear()}_${month}.id uuid`);
  }, 60_000);

  it('keeps one audit chain under many writers, and sees every change to it', async () => {
    const audit = new AppendAudit(key);
    const entry = (number: number) => ({
      actor: systemActor,
      action: 'test.done',
      target: { kind: 'test', id: String(number) },
      detail: { b: number, a: 'x' },
    });
    await Promise.all(
      Array.from({ length: 60 }, (_, number) => database.transaction((tx) => audit.append(tx, entry(number)))),
    );
    expect(await verifyChain(database, [key])).toEqual({ entries: 60, brokenAt: null });
    await database.query("UPDATE audit_entries SET action = 'test.forged' WHERE sequence = 30");
    expect(await verifyChain(database, [key])).toEqual({ entries: 29, brokenAt: 30 });
    await database.query("UPDATE audit_entries SET action = 'test.done' WHERE sequence = 30");
    await database.query('DELETE FROM audit_entries WHERE sequence = 10');
    expect(await verifyChain(database, [key])).toEqual({ entries: 9, brokenAt: 10 });
    await database.query('DELETE FROM audit_entries');
  }, 60_000);

  it('lets acts lock what they touch before and after they are written down, without one waiting for another in a circle', async () => {
    const audit = new AppendAudit(key);
    const entry = { actor: systemActor, action: 'test.done', target: { kind: 'test', id: null } };
    let runs = 0;
    const act = (first: (tx: EntityManager) => Promise<unknown>, second: typeof first) =>
      database.transaction(async (tx) => {
        runs += 1;
        await first(tx);
        await tx.query('SELECT pg_sleep(0.002)');
        await second(tx);
      });
    const write = (tx: EntityManager) => audit.append(tx, entry);
    await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 ? act(write, lock(1)) : act(lock(1), write))));
    expect(runs).toBe(100);
    expect(await verifyChain(database, [key])).toEqual({ entries: 100, brokenAt: null });

    const refused = database.transaction(async (tx) => {
      await write(tx);
      throw new Error('refused');
    });
    await expect(refused).rejects.toThrow('refused');
    expect(await verifyChain(database, [key])).toEqual({ entries: 100, brokenAt: null });
  }, 60_000);

  it('runs a transaction again that was ended for the sake of another one, and writes down what it did once', async () => {
    const audit = new AppendAudit(key);
    let runs = 0;
    let met: () => void = () => undefined;
    const bothHaveOne = new Promise<void>((resolve) => (met = resolve));
    const cross = (mine: number, others: number) =>
      database.transaction(async (tx) => {
        await lock(mine)(tx);
        await audit.append(tx, { actor: systemActor, action: 'test.crossed', target: { kind: 'test', id: null } });
        if ((runs += 1) === 2) met();
        await bothHaveOne;
        await lock(others)(tx);
        return mine;
      });
    expect(await Promise.all([cross(2, 3), cross(3, 2)])).toEqual([2, 3]);
    expect(runs).toBe(3);
    const written = "SELECT count(*)::int AS n FROM audit_entries WHERE action = 'test.crossed'";
    expect(await database.query(written)).toEqual([{ n: 2 }]);
  }, 60_000);
});

const lock = (id: number) => (tx: EntityManager) => tx.query('SELECT pg_advisory_xact_lock(-1, $1)', [id]);

const columns = async (database: DataSource): Promise<string[]> => {
  const rows = await database.query<{ line: string }[]>(
    `SELECT table_name || '.' || column_name || ' ' || data_type AS line FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
};

const ID = '00000000-0000-4000-8000-000000000001';
/** One row, with the columns of the first migration, in every table that holds what people would miss. */
const rows = [
  `INSERT INTO applications (id, name, name_key, kind) VALUES ('${ID}', 'Webmail', 'webmail', 'connected')`,
  `INSERT INTO application_keys (id, application_id, public_id, secret_hash, scopes) VALUES ('${ID}', '${ID}', 'abc', '\\x00', '{attempts:write}')`,
  `INSERT INTO people (id, name, email, role, password_hash) VALUES ('${ID}', 'Ana', 'ana@example.com', 'admin', 'hash')`,
  `INSERT INTO person_identifiers (value, kind, person_id) VALUES ('ana@example.com', 'email', '${ID}')`,
  `INSERT INTO attempt_inbox (attempts, payload) VALUES (1, '\\x00')`,
  `INSERT INTO attempt_keys (key, received_on) VALUES ('${ID}', current_date)`,
  `INSERT INTO quarantined_attempts (inbox_sequence, payload, error) VALUES (1, '\\x00', 'Why.')`,
  `INSERT INTO attempts (id, occurred_at, received_at, application_id, person_id, subject, outcome, ip, network_kind, device, score, level, policy_version, simulated)
   VALUES ('${ID}', now(), now(), '${ID}', '${ID}', 'ana@example.com', 'failure', '192.0.2.1', 'private', 'desktop', 10, 'low', 1, false)`,
  `INSERT INTO attempt_hours (hour, application_id, outcome, attempts) VALUES (date_trunc('hour', now()), '${ID}', 'failure', 1)`,
  `INSERT INTO profiles (subject_key, state) VALUES ('${ID}', '{"n": 1}')`,
  `INSERT INTO alerts (id, kind, severity, dedup_key, subject, person_id, evidence, first_at, last_at)
   VALUES ('${ID}', 'brute-force-person', 'high', 'key', 'Ana', '${ID}', '{}', now(), now())`,
  `INSERT INTO alert_attempts (alert_id, attempt_id) VALUES ('${ID}', '${ID}')`,
  `INSERT INTO alert_events (alert_id, kind) VALUES ('${ID}', 'raised')`,
  `INSERT INTO revocations (id, by_kind, by_name) VALUES ('${ID}', 'system', 'Gatehouse')`,
  `INSERT INTO sessions (id, token_hash, person_id, aal, amr, device, ip, network, idle_limit, expires_at, ended_at, revocation_id)
   VALUES ('${ID}', '\\x01', '${ID}', 1, '{pwd}', 'desktop', '192.0.2.1', '{}', interval '1 hour', now(), now(), '${ID}')`,
  `INSERT INTO audit_entries (sequence, at, actor_kind, actor_name, action, target_kind, detail, previous_hash, hash)
   VALUES (1, now(), 'system', 'Gatehouse', 'test.done', 'test', '{}', '\\x00', '\\x01')`,
];
const filled = rows.map((row) => /^INSERT INTO (\w+)/.exec(row)![1]!);

/** Rows in each of the filled tables. */
async function contents(database: DataSource): Promise<Record<string, number>> {
  const counts = await Promise.all(
    filled.map((table) => database.query<{ count: number }[]>(`SELECT count(*)::int AS count FROM ${table}`)),
  );
  return Object.fromEntries(filled.map((table, index) => [table, counts[index]![0]!.count]));
}
