import type { FileMark } from './log-file.js';

/** What a source has next. */
export type Reading =
  | { kind: 'bytes'; bytes: Uint8Array }
  /** Nothing new for the moment. */
  | { kind: 'idle' }
  /** This file is done; its mark is given until the next reading. */
  | { kind: 'left' }
  /** The bytes from here on are those of another file, from this offset. */
  | { kind: 'entered'; offset: number }
  | { kind: 'end' };

/** Where log bytes come from. */
export interface Source {
  /** `held`: how many of the bytes read last belong to a line that has no end yet. */
  read(held: number): Promise<Reading>;
  /** Mark of the file that is read, to find it again; null when the source can't be read again. */
  mark(): Promise<FileMark | null>;
  /** Whether the last line, which has no line end, may still be in the making. */
  mayGrow(): Promise<boolean>;
  close(): Promise<void>;
}
