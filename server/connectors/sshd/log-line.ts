import type { LogClock } from './log-clock.js';

/** How lines are wrapped. `auto` looks at each line; `bare` is the output of `sshd -e`, without stamp, host and process. */
export const logFormats = ['auto', 'syslog', 'journald', 'bare'] as const;
export type LogFormat = (typeof logFormats)[number];

/** A line of sshd without its wrapping. */
export interface LogLine {
  /** When it was written, in milliseconds since 1970. */
  at: number;
  host: string;
  /** Process id: one process serves one connection. */
  pid: string | null;
  message: string;
}

/** sshd splits its work over several programs since 9.8; old Red Hat systems put the PAM module into the tag. */
const PROGRAM = 'sshd(?:-session|-auth)?(?:\\((pam_\\w+)\\))?';
const CLASSIC = new RegExp(
  `^(?:<\\d{1,3}>)?([A-Z][a-z]{2}) {1,2}(\\d{1,2}) (\\d\\d):(\\d\\d):(\\d\\d) (\\S+) ${PROGRAM}(?:\\[(\\d+)\\])?: ?(.*)$`,
  's',
);
const RFC_3339 = new RegExp(
  `^(?:<\\d{1,3}>)?(\\d{4}-\\d\\d-\\d\\d[T ]\\S+) (\\S+) ${PROGRAM}(?:\\[(\\d+)\\])?: ?(.*)$`,
  's',
);
const RFC_5424 = new RegExp(
  `^<\\d{1,3}>1 (\\S+) (\\S+) ${PROGRAM} (\\S+) \\S+ (?:-|(?:\\[(?:[^\\]\\\\]|\\\\.)*\\])+)(?: (.*))?$`,
  's',
);
const REPEATED = /^(?:<\d{1,3}>)?[A-Z][a-z]{2} .{11} (\S+) last message repeated (\d+) times?$/;
const JOURNAL_PROGRAM = /^sshd(?:-session|-auth)?$/;

/** The line of sshd in a raw line, or null when it is none. */
export function readLogLine(raw: string, format: LogFormat, clock: LogClock): LogLine | null {
  if (format === 'bare') return null;
  const journal = format === 'journald' || (format === 'auto' && raw.startsWith('{'));
  if (journal) return readJournal(raw);
  // Most lines of an auth.log belong to other programs: a plain search is far cheaper than the patterns.
  if (!raw.includes('sshd')) return null;
  return readClassic(raw, clock) ?? readRfc5424(raw) ?? readRfc3339(raw);
}

/** Host and count of sysklogd's `last message repeated N times`, which names no program. */
export function readRepeat(raw: string): { host: string; count: number } | null {
  if (!raw.includes(' last message repeated ')) return null;
  const match = REPEATED.exec(raw);
  return match ? { host: match[1] ?? '', count: Number(match[2]) } : null;
}

function readClassic(raw: string, clock: LogClock): LogLine | null {
  const match = CLASSIC.exec(raw);
  if (!match) return null;
  const [, month = '', day, hour, minute, second, host = '', pam, pid, message = ''] = match;
  const at = clock.read(month, Number(day), Number(hour), Number(minute), Number(second));
  return at === null ? null : { at, host, pid: pid ?? null, message: withModule(pam, message) };
}

function readRfc3339(raw: string): LogLine | null {
  const match = RFC_3339.exec(raw);
  if (!match) return null;
  const [, stamp = '', host = '', pam, pid, message = ''] = match;
  return wrap(Date.parse(stamp), host, pid, withModule(pam, message));
}

function readRfc5424(raw: string): LogLine | null {
  const match = RFC_5424.exec(raw);
  if (!match) return null;
  const [, stamp = '', host = '', pam, pid, message = ''] = match;
  const text = message.startsWith('\ufeff') ? message.slice(1) : message;
  return wrap(Date.parse(stamp), host, pid === '-' ? undefined : pid, withModule(pam, text));
}

function readJournal(raw: string): LogLine | null {
  const entry = parseObject(raw);
  if (!entry) return null;
  const program = text(entry['SYSLOG_IDENTIFIER']) ?? text(entry['_COMM']) ?? '';
  const message = text(entry['MESSAGE']);
  if (!JOURNAL_PROGRAM.test(program) || message === null) return null;
  const micros = Number(text(entry['_SOURCE_REALTIME_TIMESTAMP']) ?? text(entry['__REALTIME_TIMESTAMP']));
  const pid = text(entry['_PID']) ?? text(entry['SYSLOG_PID']) ?? undefined;
  return wrap(Math.floor(micros / 1000), text(entry['_HOSTNAME']) ?? '', pid, message);
}

function wrap(at: number, host: string, pid: string | undefined, message: string): LogLine | null {
  // The year has to have four digits to be an instant of the contract.
  const sane = at >= 0 && at < 253_402_300_800_000;
  return sane ? { at, host, pid: pid ?? null, message } : null;
}

function withModule(module: string | undefined, message: string): string {
  return module ? `${module}(sshd:auth): ${message}` : message;
}

function parseObject(raw: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(raw);
    return typeof value === 'object' && value !== null ? { ...value } : null;
  } catch (error) {
    // A torn or foreign line among journal entries is skipped like any line that is not sshd's.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** journald writes a field that is not plain UTF-8 as an array of bytes. */
function text(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const bytes = value.filter((item) => Number.isInteger(item) && item >= 0 && item < 256);
  return bytes.length === value.length ? Buffer.from(bytes).toString('utf8') : null;
}
