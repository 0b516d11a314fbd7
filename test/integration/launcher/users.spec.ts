import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { compiledCli, runCli, startCli, testFolder } from '../../support/gatehouse-process.js';

const isRoot = process.getuid?.() === 0;
/** Debian's `nobody`: a user with a name and without rights. */
const NOBODY = 65_534;
const SHARED_ROOT = '/var/lib/gatehouse';

const nobodyCanRun =
  isRoot && spawnSync(process.execPath, [compiledCli, 'version'], { uid: NOBODY, gid: NOBODY, cwd: '/' }).status === 0;

const createApp = ['app', 'create', 'Mail', '--json'];

describe('who runs the embedded PostgreSQL', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  beforeEach(async () => (folder = await testFolder()));
  afterEach(() => folder.remove());

  const ownerOf = async (path: string): Promise<number> => (await stat(path)).uid;
  const shared = async (): Promise<string[]> => (existsSync(SHARED_ROOT) ? readdir(SHARED_ROOT) : []);

  (isRoot ? it : it.skip)('for root, a system user, with the data in the data folder', async () => {
    const dataDir = join(folder.path, 'data');
    const before = await shared();
    const { code } = await runCli(createApp, { GATEHOUSE_DATA_DIR: dataDir });
    expect(code).toBe(0);
    expect(await ownerOf(join(dataDir, 'postgres'))).not.toBe(0);
    expect((await stat(join(dataDir, 'postgres.json'))).mode & 0o777).toBe(0o600);
    expect(await shared()).toEqual(before);
  });

  (isRoot ? it : it.skip)(
    'for root in a folder that only root may enter, the data elsewhere, and says where',
    async () => {
      await chmod(folder.path, 0o700);
      const env = { GATEHOUSE_DATA_DIR: join(folder.path, 'data') };
      const before = await shared();
      const { code, stderr } = await runCli(createApp, env);
      const [added] = (await shared()).filter((name) => !before.includes(name));
      try {
        expect(code).toBe(0);
        expect(added).toBeDefined();
        expect(stderr).toContain(join(SHARED_ROOT, added!));
        expect(existsSync(join(env.GATEHOUSE_DATA_DIR, 'postgres'))).toBe(false);
        // The second command finds the same database, also when the folder has become open to all meanwhile.
        await chmod(folder.path, 0o755);
        expect((await runCli(createApp, env)).stderr).toContain('There is an application named Mail.');
        // Without its data folder the old database is nobody's, and is neither used nor deleted.
        await rm(env.GATEHOUSE_DATA_DIR, { recursive: true });
        await chmod(folder.path, 0o700);
        const anew = await runCli(createApp, env);
        expect(anew.code).toBe(0);
        expect(anew.stderr).toMatch(
          /the database that an earlier one left is now \/var\/lib\/gatehouse\/\S+\.removed-/,
        );
      } finally {
        if (added !== undefined) await rm(join(SHARED_ROOT, added), { recursive: true });
      }
    },
  );

  (nobodyCanRun ? it : it.skip)('for a normal user, that user; root may start it later', async () => {
    const dataDir = join(folder.path, 'data');
    await mkdir(dataDir);
    await chown(dataDir, NOBODY, NOBODY);
    const env = { GATEHOUSE_DATA_DIR: dataDir };
    const asNobody = startCli(createApp, env, { user: NOBODY });
    expect(await asNobody.ended).toBe(0);
    expect(await ownerOf(join(dataDir, 'postgres'))).toBe(NOBODY);
    expect((await runCli(createApp, env)).stderr).toBe('There is an application named Mail.\n');
    const again = startCli(createApp, env, { user: NOBODY });
    expect(await again.ended).toBe(1);
    expect(again.stderr).toBe('There is an application named Mail.\n');
  });

  (nobodyCanRun ? it : it.skip)("a normal user gets one sentence about another user's data folder", async () => {
    const dataDir = join(folder.path, 'data');
    await runCli(createApp, { GATEHOUSE_DATA_DIR: dataDir });
    const asNobody = startCli(createApp, { GATEHOUSE_DATA_DIR: dataDir }, { user: NOBODY });
    expect(await asNobody.ended).toBe(1);
    expect(asNobody.stderr).toMatch(/^The data folder .* can't be written \(EACCES\): .*\n$/);
  });
});
