import type { LogFormat } from '../sshd/log-line.js';
import { logFormats } from '../sshd/log-line.js';
import { isZone, machineZone } from '../sshd/log-clock.js';

export interface ShipOptions {
  /** Log file; `-` or nothing reads standard input. */
  file?: string | undefined;
  /** Address of Gatehouse, e.g. `https://gatehouse.example`. */
  url: string;
  /** Key with the scope attempts:write. */
  key: string;
  /** Goes on reading what is appended, across rotations, until stopped. */
  follow?: boolean | undefined;
  /** Starts at the first line, whatever an earlier run saved. Without it: at the saved position, or at the end. */
  fromStart?: boolean | undefined;
  /** Default `auto`. */
  format?: LogFormat | undefined;
  /** IANA zone of stamps that carry none; default: this machine's. */
  zone?: string | undefined;
  /** Year of the first stamp that carries none; default: the latest in which it is not in the future. */
  year?: number | undefined;
  /** File that keeps the position; default: one for each log and address under the user's state directory. */
  state?: string | undefined;
  /** How long to retry before giving up, in milliseconds; default: two minutes, when following for ever. */
  patienceMs?: number | undefined;
  /** How often a quiet file is looked at, in milliseconds; default 250. */
  pollMs?: number | undefined;
}

/** What was done so far. `attempts` = recorded + duplicates + rejected once everything is sent. */
export interface ShipResult {
  lines: number;
  attempts: number;
  recorded: number;
  duplicates: number;
  rejected: number;
}

/** The world outside, replaceable for tests. */
export interface ShipDeps {
  fetch?: typeof fetch | undefined;
  /** Milliseconds since 1970. */
  now?: (() => number) | undefined;
  /** A number in [0, 1). */
  random?: (() => number) | undefined;
  stdin?: AsyncIterable<Uint8Array> | undefined;
  /** Ends the shipping; what was not acknowledged is sent by the next run. */
  signal?: AbortSignal | undefined;
  /** Called after each answer of the server. */
  onProgress?: ((result: ShipResult) => void) | undefined;
  /** Told what a person should know: retries, rotations, rejections. One sentence each. */
  onNotice?: ((sentence: string) => void) | undefined;
}

/** Shipping can't go on; the message is one sentence for the person who started it. */
export class ShipError extends Error {
  override readonly name = 'ShipError';
}

/** Whether a failure of the file system says that there is no such file. */
export function isMissing(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';
}

/** A failure in words, for a sentence. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error).replace(/^Error: /, '');
}

/** Options with every default decided. */
export interface ShipPlan {
  file: string | null;
  endpoint: URL;
  key: string;
  follow: boolean;
  fromStart: boolean;
  format: LogFormat;
  zone: string;
  year: number | undefined;
  state: string | undefined;
  patienceMs: number;
  pollMs: number;
}

const PATIENCE_MS = 120_000;
const POLL_MS = 250;

/** Checks the options and fills in the defaults. */
export function planOf(options: ShipOptions): ShipPlan {
  const file = options.file === undefined || options.file === '-' ? null : options.file;
  const { follow = false, fromStart = false, zone = machineZone(), format = 'auto' } = options;
  const { key, year, state, pollMs = POLL_MS } = options;
  checkKey(key);
  checkReading(zone, format, year);
  return {
    file,
    endpoint: endpointOf(options.url),
    key,
    follow: follow && file !== null,
    fromStart,
    format,
    zone,
    year,
    state,
    patienceMs: options.patienceMs ?? (follow ? Number.POSITIVE_INFINITY : PATIENCE_MS),
    pollMs,
  };
}

function checkKey(key: string): void {
  if (key === '') throw new ShipError('Give a key with --key or GATEHOUSE_KEY.');
  if (!/^[\x21-\x7e]+$/.test(key)) throw new ShipError('The key holds characters no key has.');
}

function checkReading(zone: string, format: LogFormat, year: number | undefined): void {
  if (!isZone(zone)) throw new ShipError(`There is no time zone called "${zone}".`);
  if (!logFormats.includes(format)) throw new ShipError(`--format must be one of ${logFormats.join(', ')}.`);
  if (year !== undefined && !(Number.isInteger(year) && year >= 1970 && year <= 9999))
    throw new ShipError('--year must be a year with four digits.');
}

function endpointOf(url: string): URL {
  if (!URL.canParse(url)) throw new ShipError(`"${url}" is not an address like http://host:3000.`);
  const base = new URL(url);
  if (base.protocol !== 'http:' && base.protocol !== 'https:')
    throw new ShipError(`"${url}" is not an address like http://host:3000.`);
  if (!base.pathname.endsWith('/')) base.pathname += '/';
  return new URL('api/v1/attempts', base);
}
