import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { makeFolder } from '../platform/make-folder.js';
import { Complaint } from './complaint.js';
import { markOf, stillRuns } from './launchers.js';

const mark = z.object({ pid: z.number().int(), start: z.string() });

const note = z.object({
  /** Who uses the data folder. */
  holder: mark,
  /** A running Gatehouse, or a command that started the database for a moment. */
  kind: z.enum(['start', 'command']),
  /** npm and its shell; when one of them is gone, a running Gatehouse is about to end. */
  launchers: z.array(mark),
  address: z.string(),
  /** Set once the database is there and migrated. */
  databaseUrl: z.string().optional(),
});

/** Who uses a data folder at the moment, as noted in `running.json` inside it. */
export type InstanceNote = z.infer<typeof note>;

/** The right to use a data folder alone. */
export type Claim = {
  /** Tells others more about us. */
  update: (change: Partial<InstanceNote>) => Promise<void>;
  release: () => Promise<void>;
};

const fileIn = (dataDir: string): string => join(dataDir, 'running.json');

/**
 * Claims a data folder for this process. What a killed process left behind does not count.
 * @returns the claim, or the note of the living process that holds the folder
 */
export async function claim(dataDir: string, us: Omit<InstanceNote, 'holder'>): Promise<Claim | InstanceNote> {
  const path = fileIn(dataDir);
  const holder = await markOf(process.pid);
  if (!holder) throw new Complaint('This system does not tell when a process was started, which Gatehouse needs.');
  let current: InstanceNote = { holder, ...us };
  for (;;) {
    if (await create(dataDir, path, current)) break;
    const other = await readNote(path);
    if (other && (await stillRuns(other.holder))) return other;
    await removeStale(path, other);
  }
  return {
    update: async (change) => {
      current = { ...current, ...change };
      const aside = `${path}.${process.pid}`;
      await writeFile(aside, JSON.stringify(current), { mode: 0o600 });
      await rename(aside, path);
    },
    release: () => rm(path, { force: true }),
  };
}

async function create(dataDir: string, path: string, value: InstanceNote): Promise<boolean> {
  try {
    await makeFolder(dataDir);
    await writeFile(path, JSON.stringify(value), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST' && !(error as NodeJS.ErrnoException).syscall?.includes('mkdir')) return false;
    throw new Complaint(folderSentence(dataDir, code));
  }
}

function folderSentence(dataDir: string, code: string | undefined): string {
  if (code === 'ENOSPC') return `The disk that holds ${dataDir} is full: free some space, then start again.`;
  if (code === 'EEXIST' || code === 'ENOTDIR') {
    return `${dataDir} is not a folder: set GATEHOUSE_DATA_DIR to a folder, which is made when it does not exist.`;
  }
  return `The data folder ${dataDir} can't be written (${code ?? 'unknown'}): make it writable or set GATEHOUSE_DATA_DIR to another folder.`;
}

/** Absent, or not readable as a note: another process may be writing it just now, so a second look decides. */
async function readNote(path: string): Promise<InstanceNote | undefined> {
  for (let look = 0; look < 5; look += 1) {
    try {
      return note.parse(JSON.parse(await readFile(path, 'utf8')));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ENOENT') return undefined;
      if (code === 'EACCES') throw new Complaint(`${path} belongs to another user: start Gatehouse as that user.`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return undefined;
}

/** Takes a dead holder's note away; of two starts at once, neither removes the fresh note of the other. */
async function removeStale(path: string, seen: InstanceNote | undefined): Promise<void> {
  const aside = `${path}.stale-${process.pid}`;
  try {
    await rename(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = await readNote(aside);
  if (moved && moved.holder.start !== seen?.holder.start) {
    await link(aside, path).catch(() => {
      // A third start has claimed the folder in between; then the moved note's owner finds out by PostgreSQL's own lock.
    });
  }
  await rm(aside, { force: true });
}
