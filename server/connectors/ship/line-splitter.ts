/** Longer lines are skipped: sshd writes at most 1 KiB, and a cut line must not be read (see evidence.ts). */
export const LINE_BYTES_MAX = 64 * 1024;

export interface SplitLine {
  /** Null for a line that was too long. */
  text: string | null;
  /** Size with its line end, in bytes. */
  bytes: number;
}

const NEWLINE = 0x0a;

/** Cuts a stream of bytes into lines; holds at most one line of LINE_BYTES_MAX. */
export class LineSplitter {
  private parts: Uint8Array[] = [];
  private kept = 0;
  private length = 0;

  /** Bytes of the line that has no end yet. */
  get held(): number {
    return this.length;
  }

  /** The lines that end in this chunk. */
  *push(chunk: Uint8Array): Generator<SplitLine> {
    let start = 0;
    for (;;) {
      const end = chunk.indexOf(NEWLINE, start);
      if (end < 0) break;
      this.keep(chunk.subarray(start, end));
      start = end + 1;
      yield this.take(1);
    }
    // A copy (slice of a Buffer is none): the caller may read the next chunk into the same memory.
    if (start < chunk.length) this.keep(Uint8Array.from(chunk.subarray(start)));
  }

  /** The last line, when it has no end; the splitter is empty afterwards. */
  rest(): SplitLine | null {
    return this.length === 0 ? null : this.take(0);
  }

  private keep(part: Uint8Array): void {
    this.length += part.length;
    if (this.length > LINE_BYTES_MAX) {
      this.parts = [];
      this.kept = 0;
      return;
    }
    this.parts.push(part);
    this.kept += part.length;
  }

  private take(lineEnd: number): SplitLine {
    const whole = this.kept === this.length;
    const text = whole ? decode(Buffer.concat(this.parts)) : null;
    const bytes = this.length + lineEnd;
    this.parts = [];
    this.kept = 0;
    this.length = 0;
    return { text, bytes };
  }
}

/** A file cut under a writer that keeps its place begins with zero bytes: they are no part of the line. */
function decode(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/^\0+/, '').replace(/\r$/, '');
}
