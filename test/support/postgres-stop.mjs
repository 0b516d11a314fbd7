import { rm } from 'node:fs/promises';

/** Jest's global tear-down. */
export default async function stop() {
  const { postgres, dataDir } = globalThis.testPostgres;
  await postgres.stop();
  await rm(dataDir, { recursive: true, force: true });
}
