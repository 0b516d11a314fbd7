import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { RETENTION_DAYS_DEFAULT } from '../../../server/platform/config.js';
import { createDataSource } from '../../../server/platform/database/data-source.js';
import { migrate } from '../../../server/platform/database/migrate.js';
import { testFolder } from '../../support/gatehouse-process.js';
import { freePort } from '../../support/ports.js';
import { emptyDatabase } from '../../support/postgres.js';

/** A start with room for a busy machine, and the longest orderly end, in milliseconds. */
const ENDED_MS = 30_000;

describe('a process whose supervisor was killed while it started', () => {
  let folder: Awaited<ReturnType<typeof testFolder>>;
  let database: Awaited<ReturnType<typeof emptyDatabase>>;
  beforeAll(async () => {
    folder = await testFolder();
    database = await emptyDatabase();
    const migrating = await createDataSource(database.url, 2).initialize();
    await migrate(migrating, RETENTION_DAYS_DEFAULT);
    await migrating.destroy();
  });
  afterAll(async () => {
    await database.drop();
    await folder.remove();
  });

  it.each(['server/main.js', 'worker/main.js'])(
    'leaves no %s behind that nobody would stop',
    async (entry) => {
      const settings = { DATABASE_URL: database.url, GATEHOUSE_DATA_DIR: folder.path, PORT: String(await freePort()) };
      const child = spawn(
        process.execPath,
        [fileURLToPath(new URL(`../../../dist/programs/${entry}`, import.meta.url))],
        {
          env: { ...process.env, REDIS_URL: '', HOST: '', PUBLIC_URL: '', LOG_LEVEL: 'warn', ...settings },
          stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
        },
      );
      child.disconnect();
      expect(await once(child, 'exit')).toEqual([0, null]);
    },
    ENDED_MS,
  );
});
