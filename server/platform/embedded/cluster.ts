import { chown, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { majorVersion, programIn } from './binaries.js';
import { EmbeddedPostgresError, explain } from './embedded-error.js';
import type { Placement } from './placement.js';
import { runProgram } from './run-program.js';

/** Role that owns the database; it is also the name of the database. */
export const ROLE = 'gatehouse';

/**
 * Looks whether the cluster exists and fits the programs.
 * @throws EmbeddedPostgresError when another major version of PostgreSQL wrote it
 */
export async function clusterExists({ clusterFolder, binaries }: Placement): Promise<boolean> {
  const version = await readFile(join(clusterFolder, 'PG_VERSION'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (version === undefined) return false;
  if (Number.parseInt(version, 10) === majorVersion(binaries)) return true;
  throw new EmbeddedPostgresError(
    `The database in ${clusterFolder} was written by PostgreSQL ${version.trim()}, and this Gatehouse brings PostgreSQL ${majorVersion(binaries)}: move the data over with pg_dump and pg_restore (see docs/operations.md).`,
  );
}

/**
 * Makes an empty cluster. It appears in its place only when it is complete, so a crash in the middle leaves nothing
 * that a later start could mistake for a database.
 * @param sync whether initdb waits for the disk; off only where data may be lost, as in tests
 */
export async function createCluster(placement: Placement, password: string, sync: boolean): Promise<void> {
  const { clusterFolder, binaries, identity } = placement;
  const aside = `${clusterFolder}.new`;
  const passwordFolder = await mkdtemp(join(tmpdir(), 'gatehouse-'));
  const passwordFile = join(passwordFolder, 'password');
  try {
    await rm(aside, { recursive: true, force: true });
    await mkdir(aside, { mode: 0o700 });
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (identity) await giveTo(identity, [aside, passwordFolder, passwordFile]);
    const args = ['--pgdata', aside, '--username', ROLE, '--pwfile', passwordFile, '--auth', 'scram-sha-256'];
    const layout = ['--encoding', 'UTF8', '--locale', 'C', '--data-checksums', '--no-instructions'];
    const program = programIn(binaries, 'initdb');
    const { code, output } = await runProgram(program, [...args, ...layout, ...(sync ? [] : ['--no-sync'])], identity);
    if (code !== 0) throw explain('The database could not be created', output, clusterFolder);
    await rename(aside, clusterFolder);
  } finally {
    await rm(passwordFolder, { recursive: true, force: true });
    await rm(aside, { recursive: true, force: true });
  }
}

async function giveTo(identity: { uid: number; gid: number }, paths: string[]): Promise<void> {
  for (const path of paths) await chown(path, identity.uid, identity.gid);
}
