import { z } from 'zod';
import type { NewAttempt } from '../../contracts/attempts.js';
import { AttemptReader, readerSnapshot } from './attempt-reader.js';
import { LogClock } from './log-clock.js';
import { readLogLine, readRepeat, type LogFormat, type LogLine } from './log-line.js';

/** A parser's whole memory as plain data. */
export const parserSnapshot = z.object({
  clock: z.number().nullable(),
  lastLine: z
    .object({
      at: z.number(),
      host: z.string(),
      pid: z.string().nullable(),
      message: z.string(),
    })
    .nullable(),
  connections: readerSnapshot,
});
export type ParserSnapshot = z.infer<typeof parserSnapshot>;

export interface SshdParserOptions {
  format: LogFormat;
  /** IANA zone of classic stamps. */
  zone: string;
  /** Year of the first classic stamp; without it the latest in which it is not in the future. */
  year?: number | undefined;
  /** Our own clock, in milliseconds since 1970. */
  now: () => number;
  /** Memory of an earlier run. */
  snapshot?: ParserSnapshot | undefined;
}

/** A longest message kept for `last message repeated`; sshd writes at most 1 KiB. */
const LAST_LINE_MAX = 4_096;

/** Reads an sshd log line by line; pure apart from the clock it is given, bounded in memory. */
export class SshdParser {
  private readonly clock: LogClock;
  private readonly reader: AttemptReader;
  private lastLine: LogLine | null;

  constructor(private readonly options: SshdParserOptions) {
    const { zone, year, now, snapshot } = options;
    this.clock = new LogClock({ zone, year, now, last: snapshot?.clock });
    this.reader = new AttemptReader(snapshot?.connections);
    this.lastLine = snapshot?.lastLine ?? null;
  }

  /** Takes a raw line without its line end and gives the attempts it completes. */
  push(raw: string): NewAttempt[] {
    const line = this.lineOf(raw);
    if (line) {
      this.lastLine = line.message.length <= LAST_LINE_MAX ? line : null;
      return this.reader.read(line);
    }
    const repeat = readRepeat(raw);
    const last = this.lastLine;
    if (repeat && last && repeat.host === last.host) return this.reader.read(last, repeat.count);
    // A line of another program: a repeat that follows is not of sshd's line.
    this.lastLine = null;
    return [];
  }

  /** Gives the attempts that wait for a verdict which no longer comes. */
  flush(): NewAttempt[] {
    return this.reader.flush();
  }

  /** Whether something waits for a verdict. */
  get isWaiting(): boolean {
    return this.reader.isWaiting;
  }

  snapshot(): ParserSnapshot {
    return {
      clock: this.clock.last,
      lastLine: this.lastLine,
      connections: this.reader.snapshot(),
    };
  }

  private lineOf(raw: string): LogLine | null {
    const { format, now } = this.options;
    if (format !== 'bare') return readLogLine(raw, format, this.clock);
    return { at: now(), host: '', pid: null, message: raw };
  }
}
