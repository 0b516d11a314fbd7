import { chmod, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from '../../server/cli/build.mjs';
import { inCheckout } from '../../server/cli/checkout.mjs';

const PREFIX = 'gatehouse-test-';

/** Jest's global set-up: builds what the specs start as processes, and starts one PostgreSQL for the whole run. */
export default async function start() {
  await build({ say: console.error, only: ['server', 'workers', 'programs', 'tables'] });
  await removeRemains();
  // The compiled code: Jest loads this file with plain Node, which knows no TypeScript.
  const { startEmbeddedPostgres } = await import(
    pathToFileURL(inCheckout('dist/server/platform/embedded/embedded-postgres.js')).href
  );
  const dataDir = await mkdtemp(join(tmpdir(), `${PREFIX}${process.pid}-`));
  // Open to PostgreSQL's own user, so that root's run keeps its data here, too.
  await chmod(dataDir, 0o755);
  const postgres = await startEmbeddedPostgres({ dataDir, durable: false, say: () => {} });
  process.env.GATEHOUSE_TEST_DATABASE_URL = postgres.url;
  globalThis.testPostgres = { postgres, dataDir };
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
