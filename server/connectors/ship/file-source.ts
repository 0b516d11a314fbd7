import { LogFile, rotatedSince, whatIsAt, type FileMark } from './log-file.js';
import { reasonOf, ShipError } from './options.js';
import type { Reading, Source } from './source.js';

const CHUNK_BYTES = 256 * 1024;
/** Looks at a renamed file once more than this before leaving it: its writer goes on until it is told to reopen. */
const LAST_LOOKS = 4;
/** A last line without line end in a file written to so recently may be half a line. */
const FRESH_MS = 2_000;

interface Segment {
  path: string;
  offset: number;
}

export interface FileSourceOptions {
  path: string;
  follow: boolean;
  now: () => number;
  onNotice: (sentence: string) => void;
}

/** Reads a log file, and when following also what takes its place: renamed and created anew, or cut and written again. */
export class FileSource implements Source {
  private readonly buffer = Buffer.alloc(CHUNK_BYTES);
  private file: LogFile | null = null;
  private offset = 0;
  private segments: Segment[] = [];
  private left = false;
  private looks = 0;
  /** The mark at the last end of file: what was there must still be there when the file grows again. */
  private atEnd: FileMark | null = null;

  constructor(private readonly options: FileSourceOptions) {}

  /** Starts at the first line. Gives the offset of the first byte to be read. */
  async startAtBeginning(): Promise<number> {
    await this.enter({ path: this.options.path, offset: 0 });
    return 0;
  }

  /** Starts behind the last whole line. */
  async startAtEnd(): Promise<number> {
    await this.enter({ path: this.options.path, offset: 0 });
    if (this.file) this.offset = await endOfLastLine(this.file);
    return this.offset;
  }

  /** Goes on where an earlier run ended, through all files that took the log's place since. */
  async startAfter(mark: FileMark, offset: number): Promise<number> {
    const { path } = this.options;
    await this.enter({ path, offset });
    if (this.file && (await this.file.continues(mark, offset))) return offset;
    await this.replaceBy(mark, offset);
    await this.advance();
    return this.offset;
  }

  async read(held: number): Promise<Reading> {
    if (this.left || this.file === null) return this.enterNext();
    if (await this.wasCut()) return this.restart(this.offset - held);
    const length = await this.file.read(this.buffer, this.offset);
    if (length > 0) {
      this.offset += length;
      this.looks = 0;
      this.atEnd = null;
      return { kind: 'bytes', bytes: this.buffer.subarray(0, length) };
    }
    if (this.segments.length > 0) return this.leave();
    if (!this.options.follow) return { kind: 'end' };
    this.atEnd = await this.file.mark();
    return this.wasRenamed();
  }

  async mark(): Promise<FileMark | null> {
    return this.file ? this.file.mark() : null;
  }

  async mayGrow(): Promise<boolean> {
    if (!this.file) return false;
    return Math.abs(this.options.now() - (await this.file.changedAt())) < FRESH_MS;
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = null;
  }

  private async enter(segment: Segment): Promise<void> {
    await this.close();
    this.file = await openLog(segment.path);
    this.offset = segment.offset;
    this.left = false;
    this.looks = 0;
    this.atEnd = null;
    if (!this.file && !this.options.follow) throw new ShipError(`There is no file ${segment.path}.`);
  }

  private async advance(): Promise<void> {
    const next = this.segments.shift();
    if (next) await this.enter(next);
  }

  /** The file stays open until the next reading, so that the caller can save that it is done. */
  private leave(): Reading {
    this.left = true;
    return { kind: 'left' };
  }

  /** Opens the next file, or waits until the name exists again. */
  private async enterNext(): Promise<Reading> {
    if (this.segments.length === 0) this.segments.push({ path: this.options.path, offset: 0 });
    await this.advance();
    return this.file === null ? { kind: 'idle' } : { kind: 'entered', offset: this.offset };
  }

  private async wasCut(): Promise<boolean> {
    if (!this.options.follow || !this.file) return false;
    if (this.atEnd === null) return (await this.file.size()) < this.offset;
    return !(await this.file.continues(this.atEnd, this.offset));
  }

  /** The file was emptied under us (copytruncate): the rest of its old content may be in a copy. */
  private async restart(offset: number): Promise<Reading> {
    const mark = this.atEnd ?? (await this.file?.mark());
    // Closed at once: a position of the old content must not be saved with the mark of the new one.
    await this.close();
    if (mark) await this.replaceBy(mark, offset);
    return this.leave();
  }

  private async wasRenamed(): Promise<Reading> {
    const current = await whatIsAt(this.options.path);
    if (current === null || this.file?.isSameFile(current)) return { kind: 'idle' };
    this.looks += 1;
    if (this.looks < LAST_LOOKS) return { kind: 'idle' };
    this.options.onNotice(`${this.options.path} was rotated.`);
    return this.leave();
  }

  private async replaceBy(mark: FileMark, offset: number): Promise<void> {
    const { path, onNotice } = this.options;
    const rotated = await rotatedSince(path, mark, offset);
    onNotice(
      rotated.length > 0
        ? `${path} was rotated: reading the rest in ${rotated.join(', ')}.`
        : `${path} was replaced and its old content is gone or compressed: starting at the top.`,
    );
    this.segments = rotated.map((file, index) => ({ path: file, offset: index ? 0 : offset }));
    this.segments.push({ path, offset: 0 });
  }
}

async function openLog(path: string): Promise<LogFile | null> {
  try {
    return await LogFile.open(path);
  } catch (error) {
    if (error instanceof ShipError) throw error;
    throw new ShipError(`The log ${path} can't be read: ${reasonOf(error)}.`);
  }
}

/** Offset behind the last line end: a half line at the end is still to be read when it is whole. */
async function endOfLastLine(file: LogFile): Promise<number> {
  const buffer = Buffer.alloc(4096);
  let end = await file.size();
  while (end > 0) {
    const start = Math.max(0, end - buffer.length);
    const length = await file.read(buffer.subarray(0, end - start), start);
    const newline = buffer.subarray(0, length).lastIndexOf(0x0a);
    if (newline >= 0) return start + newline + 1;
    end = start;
  }
  return 0;
}
