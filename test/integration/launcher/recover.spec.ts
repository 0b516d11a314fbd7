import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { runCli, type RunResult } from '../../support/gatehouse-process.js';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.js';

describe('gatehouse admin recover', () => {
  let database: TestDatabase;
  let client: Client;
  let dataDir: string;

  beforeAll(async () => {
    database = await emptyDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-recover-'));
    client = new Client({ connectionString: database.url });
    await client.connect();
    for (const command of [['migrate'], ['admin', 'create', '--email', 'ana@example.com', '--name', 'Ana Ribeiro']])
      expect(await run(command)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const run = (args: string[]): Promise<RunResult> =>
    runCli(args, {
      DATABASE_URL: database.url,
      GATEHOUSE_SECRET: 'a secret of forty characters or somewhat more',
      GATEHOUSE_DATA_DIR: dataDir,
    });
  const rows = async (sql: string): Promise<Record<string, unknown>[]> =>
    (await client.query<Record<string, unknown>>(sql)).rows;

  it('lets an administrator in again, with an alert, an audit entry and mail to all of them', async () => {
    const [former] = await rows('SELECT password_hash FROM people');
    await client.query('UPDATE people SET disabled_at = now()');
    const { code, stdout } = await run(['admin', 'recover', 'Ana@Example.com', '--json']);
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { password: string }).password).toHaveLength(24);
    const [person] = await rows('SELECT password_hash, disabled_at, password_change_required_at FROM people');
    expect(person?.['password_hash']).not.toBe(former?.['password_hash']);
    expect(person).toMatchObject({ disabled_at: null, password_change_required_at: expect.any(Date) as Date });
    expect(await rows('SELECT kind, severity, status FROM alerts')).toEqual([
      { kind: 'break-glass', severity: 'critical', status: 'new' },
    ]);
    expect(await rows(`SELECT actor_kind, detail FROM audit_entries WHERE action = 'admin.recovered'`)).toEqual([
      {
        actor_kind: 'cli',
        detail: {
          name: 'Ana Ribeiro',
          before: { disabled: true, newPasswordRequired: false, factors: '' },
          after: { disabled: false, newPasswordRequired: true, factors: '', password: 'replaced' },
        },
      },
    ]);
    expect(await rows(`SELECT recipient FROM notifications WHERE kind = 'break_glass_used'`)).toEqual([
      { recipient: 'ana@example.com' },
    ]);
  });

  it('does nothing for anybody else', async () => {
    expect(await run(['admin', 'recover', 'nobody@example.com'])).toMatchObject({ code: 1 });
    await client.query(`UPDATE people SET role = 'analyst'`);
    const { code, stderr } = await run(['admin', 'recover', 'ana@example.com']);
    expect([code, stderr]).toEqual([1, 'ana@example.com is no administrator.\n']);
    expect(await rows('SELECT count(*)::int AS alerts FROM alerts')).toEqual([{ alerts: 1 }]);
  });
});
