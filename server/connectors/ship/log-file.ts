import { createHash } from 'node:crypto';
import { open, readdir, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { isMissing, ShipError } from './options.js';

/** First bytes by which a log is known again after it was moved or copied; stamps make them differ from any other log's. */
const HEAD_BYTES = 256;

export const fileMark = z.object({
  device: z.string(),
  inode: z.string(),
  headBytes: z.number().int().min(0).max(HEAD_BYTES),
  headHash: z.string(),
});
/** What a file is recognised by. */
export type FileMark = z.infer<typeof fileMark>;

/** One opened log file; it stays the same file when its name is given to another. */
export class LogFile {
  private head: Pick<FileMark, 'headBytes' | 'headHash'> | null = null;

  private constructor(
    private readonly handle: FileHandle,
    readonly path: string,
    readonly device: string,
    readonly inode: string,
  ) {}

  /** Opens a log; null when there is none of that name. */
  static async open(path: string): Promise<LogFile | null> {
    const handle = await orNull(open(path, 'r'));
    if (!handle) return null;
    const found = await handle.stat({ bigint: true });
    if (!found.isFile()) {
      await handle.close();
      throw new ShipError(`${path} is no regular file: pipe it into standard input instead.`);
    }
    const { dev, ino } = found;
    return new LogFile(handle, path, String(dev), String(ino));
  }

  /** Fills the buffer from an offset; gives how many bytes there were. */
  async read(buffer: Uint8Array, offset: number): Promise<number> {
    const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, offset);
    return bytesRead;
  }

  async size(): Promise<number> {
    return (await this.handle.stat()).size;
  }

  /** Time of the last write, in milliseconds since 1970. */
  async changedAt(): Promise<number> {
    return (await this.handle.stat()).mtimeMs;
  }

  /** Its mark; the head is fixed once it has full length. */
  async mark(): Promise<FileMark> {
    if (this.head?.headBytes !== HEAD_BYTES) this.head = await this.readHead(HEAD_BYTES);
    return { device: this.device, inode: this.inode, ...this.head };
  }

  /** Whether it still begins with the bytes of the mark and reaches as far as was read. */
  async continues(mark: FileMark, offset: number): Promise<boolean> {
    if ((await this.size()) < offset) return false;
    const head = await this.readHead(mark.headBytes);
    return head.headBytes === mark.headBytes && head.headHash === mark.headHash;
  }

  isSameFile(mark: Pick<FileMark, 'device' | 'inode'>): boolean {
    return this.device === mark.device && this.inode === mark.inode;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  private async readHead(length: number): Promise<Pick<FileMark, 'headBytes' | 'headHash'>> {
    const buffer = Buffer.alloc(length);
    const headBytes = length === 0 ? 0 : await this.read(buffer, 0);
    const hash = createHash('sha256').update(buffer.subarray(0, headBytes));
    return { headBytes, headHash: hash.digest('hex') };
  }
}

/** Device and inode the name stands for now; null when there is no such file. */
export async function whatIsAt(path: string): Promise<Pick<FileMark, 'device' | 'inode'> | null> {
  const found = await orNull(stat(path, { bigint: true }));
  return found && { device: String(found.dev), inode: String(found.ino) };
}

/**
 * Logs that were rotated away while nobody read: the one the mark belongs to, then all newer ones, oldest first. Empty when the
 * marked one is gone or compressed.
 */
export async function rotatedSince(path: string, mark: FileMark, offset: number): Promise<string[]> {
  if (mark.headBytes === 0) return [];
  const siblings = await rotatedLogs(path);
  for (const [index, sibling] of siblings.entries()) {
    const file = await LogFile.open(sibling);
    if (!file) continue;
    const found = await file.continues(mark, offset);
    await file.close();
    if (found) return siblings.slice(index);
  }
  return [];
}

/** `auth.log.1`, `auth.log-20261124`: names logrotate gives, by time of their last write. */
async function rotatedLogs(path: string): Promise<string[]> {
  const folder = dirname(path);
  const base = basename(path);
  const names = await readdir(folder);
  const rotated = names.filter((name) => name.startsWith(base) && /^[.-]\d[\d.-]*$/.test(name.slice(base.length)));
  const dated: { path: string; at: number }[] = [];
  for (const name of rotated) {
    const found = await orNull(stat(join(folder, name)));
    if (found?.isFile()) dated.push({ path: join(folder, name), at: found.mtimeMs });
  }
  return dated.sort((left, right) => left.at - right.at).map((entry) => entry.path);
}

async function orNull<T>(promise: Promise<T>): Promise<T | null> {
  try {
    return await promise;
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
