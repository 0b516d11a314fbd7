import { randomBytes } from 'node:crypto';
import { chown, open, readFile, rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { EmbeddedPostgresError } from './embedded-error.js';

const settings = z.object({
  /** Where the cluster is, once it exists: fixed by the first start, wherever later starts would put a new one. */
  clusterFolder: z.string().optional(),
  /** Port of the last run; kept while it is free, so that a tool that was pointed at it still finds it. */
  port: z.number().int(),
  password: z.string(),
});

export type EmbeddedSettings = z.infer<typeof settings>;

const fileIn = (dataDir: string): string => join(dataDir, 'postgres.json');

/** What an earlier start noted down in this data folder, if there was one. */
export async function readSettings(dataDir: string): Promise<EmbeddedSettings | undefined> {
  let text: string;
  try {
    text = await readFile(fileIn(dataDir), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return settings.parse(JSON.parse(text));
  } catch {
    throw new EmbeddedPostgresError(
      `${fileIn(dataDir)} is damaged: put back a copy of it, as it holds the password of the database beside it.`,
    );
  }
}

/** 256 random bits: nobody ever types it. */
export const newPassword = (): string => randomBytes(32).toString('base64url');

/** Writes the settings so that a crash leaves either the old or the new file, on disk before the first use. */
export async function writeSettings(dataDir: string, value: EmbeddedSettings): Promise<void> {
  const path = fileIn(dataDir);
  const aside = `${path}.${process.pid}`;
  const file = await open(aside, 'w', 0o600);
  try {
    await file.writeFile(`${JSON.stringify(value, null, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  if (process.getuid?.() === 0) {
    // Started once by root, a normal user's data folder stays that user's.
    const { uid, gid } = await stat(dataDir);
    await chown(aside, uid, gid);
  }
  await rename(aside, path);
}
