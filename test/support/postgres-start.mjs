import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from '../../server/cli/build.mjs';
import { inCheckout } from '../../server/cli/checkout.mjs';

/** The compiled code: Jest loads this file with plain Node, which knows no TypeScript. */
const compiled = (path) => import(pathToFileURL(inCheckout(`dist/${path}`)).href);

const PREFIX = 'gatehouse-test-';

/** Jest's global set-up: builds what the specs start as processes, and starts one PostgreSQL for the whole run. */
export default async function start() {
  await build({ say: console.error, only: ['server', 'workers', 'programs', 'tables'] });
  await removeRemains();
  const { startEmbeddedPostgres } = await compiled('server/platform/embedded/embedded-postgres.js');
  const dataDir = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // Open to PostgreSQL's own user, so that root's run keeps its data here, too.
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false, say: () => {} });
  await migrateTemplate(postgres.url);
  process.env.GATEHOUSE_TEST_DATABASE_URL = postgres.url;
  globalThis.testPostgres = { postgres, dataDir };
}

/** The database that specs copy: to migrate each of theirs took longer. */
async function migrateTemplate(serverUrl) {
  const database = await dataSource(serverUrl);
  await database.query('CREATE DATABASE test_template');
  await database.destroy();
  const url = new URL(serverUrl);
  url.pathname = '/test_template';
  const template = await dataSource(url.href);
  const { migrate } = await compiled('server/platform/database/migrate.js');
  const { RETENTION_DAYS_DEFAULT } = await compiled('server/platform/config.js');
  await migrate(template, RETENTION_DAYS_DEFAULT);
  // Nobody may be connected to what is copied.
  await template.destroy();
}

async function dataSource(url) {
  const { createDataSource } = await compiled('server/platform/database/data-source.js');
  return createDataSource(url, 2).initialize();
}

/** A run that was killed leaves its folder behind (its PostgreSQL ends by itself). */
async function removeRemains() {
  const names = await readdir(tmpdir());
  for (const name of names.filter((entry) => entry.startsWith(PREFIX))) {
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (!isAlive(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
}

function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error.code === 'EPERM';
  }
}
