import { createHash } from 'node:crypto';
import { chmod, chown, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Binaries, programIn } from './binaries.js';
import { EmbeddedPostgresError } from './embedded-error.js';
import { type Identity, runProgram } from './run-program.js';
import { systemUser } from './system-user.js';

/** Where PostgreSQL runs from, where its data is, and as whom it runs. */
export type Placement = {
  binaries: Binaries;
  /** PGDATA: made by initdb when it does not exist yet. Its parent exists and can be written. */
  clusterFolder: string;
  /** Absent: as the user that runs Gatehouse. */
  identity?: Identity;
};

/** Where things go that a root-only folder would hide from PostgreSQL's own user. */
const SHARED_ROOT = '/var/lib/gatehouse';

/**
 * Decides where PostgreSQL runs. For a normal user that is the data folder; for root it depends on what the user
 * that PostgreSQL must run as can reach, which is tried, not guessed.
 * @param known cluster folder that an earlier start settled on
 * @param say told in one line when something lands outside the data folder
 */
export async function place(
  binaries: Binaries,
  dataDir: string,
  known: string | undefined,
  say: (line: string) => void,
): Promise<Placement> {
  if (process.getuid?.() !== 0) return { binaries, clusterFolder: await ownCluster(dataDir, known) };
  const identity = (known ? await ownerOf(known) : undefined) ?? (await systemUser(say));
  const shared = join(SHARED_ROOT, createHash('sha256').update(dataDir).digest('hex').slice(0, 12));
  const clusterFolder = known ?? (await reachableCluster(dataDir, shared, identity));
  await own(clusterFolder, identity);
  const usable = await reachableBinaries(binaries, shared, identity);
  const moved = [
    usable === binaries ? '' : 'a copy of its programs',
    clusterFolder.startsWith(shared) ? 'the data' : '',
  ];
  if (moved.some(Boolean)) {
    const what = moved.filter(Boolean).join(' and ');
    say(`PostgreSQL can't run as root, and its own user can't enter this folder: see ${shared} for ${what}.`);
  }
  return { binaries: usable, clusterFolder, identity };
}

async function ownCluster(dataDir: string, known: string | undefined): Promise<string> {
  const folder = known ?? join(dataDir, 'postgres');
  const owner = await stat(folder).catch(() => undefined);
  const me = process.getuid?.();
  if (owner && me !== undefined && owner.uid !== me) {
    throw new EmbeddedPostgresError(
      `The database in ${folder} belongs to another user (number ${owner.uid}): start Gatehouse as that user or as root, or set GATEHOUSE_DATA_DIR to another folder.`,
    );
  }
  if (known && !owner) throw new EmbeddedPostgresError(missingCluster(folder, dataDir));
  return folder;
}

/** An existing cluster keeps its user: a normal user's installation that root starts once stays usable for both. */
async function ownerOf(folder: string): Promise<Identity | undefined> {
  const owner = await stat(folder).catch(() => undefined);
  if (!owner) throw new EmbeddedPostgresError(missingCluster(folder, dirname(folder)));
  return owner.uid === 0 ? undefined : { uid: owner.uid, gid: owner.gid };
}

const missingCluster = (folder: string, dataDir: string): string =>
  `The database folder ${folder} is gone, though ${join(dataDir, 'postgres.json')} says it was there: put it back, or remove that file to begin with an empty database.`;

/** The cluster's folder inside the data folder when PostgreSQL's user can write there, otherwise the shared place. */
async function reachableCluster(dataDir: string, shared: string, identity: Identity): Promise<string> {
  const inside = join(dataDir, 'postgres');
  const probe = join(dataDir, `.reach-${process.pid}`);
  try {
    await mkdir(probe, { mode: 0o700 });
    await chown(probe, identity.uid, identity.gid);
    const { code } = await runProgram('/bin/sh', ['-c', 'cd "$0" && : > file', probe], identity);
    if (code === 0) return inside;
  } catch (error) {
    // Some mounted folders know no owners; the shared place is a local disk and does.
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') throw error;
  } finally {
    await rm(probe, { recursive: true, force: true });
  }
  await openFolder(shared);
  return join(shared, 'postgres');
}

/** Gives an existing cluster to PostgreSQL's user: one that root put back from a backup belongs to root. */
async function own(clusterFolder: string, identity: Identity): Promise<void> {
  const owner = await stat(clusterFolder).catch(() => undefined);
  if (!owner || owner.uid === identity.uid) return;
  const { code, output } = await runProgram('chown', ['-R', `${identity.uid}:${identity.gid}`, clusterFolder]);
  if (code !== 0) throw new EmbeddedPostgresError(`${clusterFolder} can't be given to PostgreSQL's user: ${output}`);
}

/** The programs where npm put them when PostgreSQL's user can run them there, otherwise a copy of them. */
async function reachableBinaries(binaries: Binaries, shared: string, identity: Identity): Promise<Binaries> {
  if (await canRun(binaries, identity)) return binaries;
  const copy = { ...binaries, folder: join(shared, `postgresql-${binaries.version}`) };
  if (!(await canRun(copy, identity))) {
    await openFolder(shared);
    const aside = `${copy.folder}.${process.pid}`;
    await cp(binaries.folder, aside, { recursive: true, verbatimSymlinks: true });
    // A strict umask of root's must not shut PostgreSQL's user out of the copy, too.
    await runProgram('chmod', ['-R', 'a+rX', aside]);
    await rm(copy.folder, { recursive: true, force: true });
    await rename(aside, copy.folder);
  }
  const { code, output } = await runProgram(programIn(copy, 'postgres'), ['--version'], identity);
  if (code === 0) return copy;
  throw new EmbeddedPostgresError(
    `PostgreSQL can't be run as its own user from ${copy.folder} (${output.trim()}): set DATABASE_URL.`,
  );
}

async function canRun(binaries: Binaries, identity: Identity): Promise<boolean> {
  // Every part: a folder may let a user start a program and yet hide its libraries or its share files.
  const sample = join(binaries.folder, 'share', 'postgresql', 'postgresql.conf.sample');
  const [program, share] = await Promise.all([
    runProgram(programIn(binaries, 'postgres'), ['--version'], identity),
    runProgram('/bin/sh', ['-c', ': < "$0"', sample], identity),
  ]);
  return program.code === 0 && share.code === 0;
}

/** A folder of root's that others may pass through, whatever the umask. */
async function openFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  await chmod(SHARED_ROOT, 0o755);
  await chmod(folder, 0o755);
}
