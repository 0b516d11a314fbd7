import { claim } from '../../../server/cli/instance.js';
import { type RunResult, runCli, testFolder } from '../../support/gatehouse-process.js';
import { emptyDatabase, type TestDatabase } from '../../support/postgres.js';

describe('gatehouse secret', () => {
  let database: TestDatabase;
  let folder: Awaited<ReturnType<typeof testFolder>>;

  beforeAll(async () => {
    database = await emptyDatabase();
    folder = await testFolder();
    for (const command of [['migrate'], ['admin', 'create', '--email', 'ana@example.com', '--name', 'Ana Ribeiro']])
      expect(await run(command)).toMatchObject({ code: 0 });
  });
  afterAll(async () => {
    await database.drop();
    await folder.remove();
  });

  const run = (args: string[], env: Record<string, string> = {}): Promise<RunResult> =>
    runCli(args, { DATABASE_URL: database.url, GATEHOUSE_DATA_DIR: folder.path, ...env });
  const status = async (): Promise<unknown> => JSON.parse((await run(['secret', 'status', '--json'])).stdout);

  it('is not rotated while Gatehouse runs, nor where it comes from outside', async () => {
    const held = await claim(folder.path, { kind: 'start', launchers: [], address: 'http://127.0.0.1:3000' });
    expect((await run(['secret', 'rotate'])).stderr).toMatch(
      /^Gatehouse is running .* stop it, rotate, start it again\.\n$/,
    );
    if ('release' in held) await held.release();
    const fromOutside = await run(['secret', 'rotate'], { GATEHOUSE_SECRET: 'a secret of forty characters or more' });
    expect(fromOutside.stderr).toMatch(/^The secret comes from GATEHOUSE_SECRET: .*GATEHOUSE_OTHER_SECRETS\.\n$/);
    expect(await status()).toEqual({ formerSecrets: 0, passwords: 0, backupCodes: 0, sealed: 0 });
  });

  it('is rotated, and forgotten only where nothing needs it or somebody insists', async () => {
    expect(await run(['secret', 'rotate'])).toMatchObject({ code: 0 });
    expect(await status()).toEqual({ formerSecrets: 1, passwords: 1, backupCodes: 0, sealed: 0 });
    expect(await run(['audit', 'verify'])).toMatchObject({ code: 0 });
    const { code, stderr } = await run(['secret', 'forget']);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/still needed for 1 passwords .* --force forgets it anyway\.\n$/),
    ]);
    expect(await run(['secret', 'forget', '--force'])).toMatchObject({ code: 0 });
    expect(await status()).toMatchObject({ formerSecrets: 0 });
    // Entries of its time can't be told from forged ones any more.
    expect(await run(['audit', 'verify'])).toMatchObject({ code: 1 });
  });
});
