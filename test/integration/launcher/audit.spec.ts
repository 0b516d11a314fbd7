import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { type RunResult, runCli } from '../../support/gatehouse-process.js';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.js';

describe('gatehouse audit verify', () => {
  let database: TestDatabase;
  let dataDir: string;
  /** Each application and its first key. */
  const ENTRIES = 4;
  const secret = 'a secret of forty characters or somewhat more';

  beforeAll(async () => {
    database = await emptyDatabase();
    dataDir = await mkdtemp(join(tmpdir(), 'gatehouse-audit-'));
    for (const command of [['migrate'], ['app', 'create', 'Mail'], ['app', 'create', 'Wiki']])
      expect(await run(command)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await database.drop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const run = (args: string[], own: string = secret): Promise<RunResult> =>
    runCli(args, { DATABASE_URL: database.url, GATEHOUSE_SECRET: own, GATEHOUSE_DATA_DIR: dataDir });
  const verify = async (...more: string[]): Promise<[number | null, unknown]> => {
    const { code, stdout } = await run(['audit', 'verify', '--json', ...more]);
    return [code, JSON.parse(stdout)];
  };

  it('vouches for an untouched chain', async () => {
    expect(await verify()).toEqual([0, { entries: ENTRIES, brokenAt: null, isWhole: true }]);
    expect((await run(['audit', 'verify'])).stdout).toBe(`All ${ENTRIES} entries are as they were written.\n`);
  });

  it('misses entries that were cut off, when told how many there were', async () => {
    expect(await verify('--at-least', '4')).toMatchObject([0, { isWhole: true }]);
    expect(await verify('--at-least', '5')).toEqual([1, { entries: ENTRIES, brokenAt: null, isWhole: false }]);
    expect((await run(['audit', 'verify', '--at-least', 'many'])).stderr).toBe(
      '--at-least takes a number of entries.\n',
    );
  });

  it('says that the secret may be the wrong one', async () => {
    const { code, stdout } = await run(['audit', 'verify'], `${secret}, and another`);
    expect(code).toBe(1);
    expect(stdout).toContain('does not have the secret of the installation');
  });

  it('finds the entry that was changed', async () => {
    const client = new Client({ connectionString: database.url });
    await client.connect();
    await client.query(`UPDATE audit_entries SET actor_name = 'Somebody else' WHERE sequence = 3`);
    await client.end();
    expect(await verify()).toEqual([1, { entries: 2, brokenAt: 3, isWhole: false }]);
  });
});
