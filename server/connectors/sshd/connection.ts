import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Factor, NewAttempt } from '../../contracts/attempts.js';
import type { Origin } from './evidence.js';

/** One try as known so far: begun by its first evidence, completed by what follows. */
export const trySchema = z.object({
  id: z.string(),
  /** Time of the first evidence, in milliseconds since 1970. */
  at: z.number(),
  user: z.string().nullable(),
  ip: z.string().nullable(),
  port: z.number().nullable(),
  reason: z.string(),
  method: z.string().nullable(),
  /** Which kinds of lines spoke of it. */
  sources: z.array(z.string()),
});
export type Try = z.infer<typeof trySchema>;

/** What is remembered of one connection, that is of one process of one host. */
export const connectionSchema = z.object({
  host: z.string(),
  pid: z.string().nullable(),
  ip: z.string().nullable(),
  port: z.number().nullable(),
  /** Time of its last line. */
  at: z.number(),
  /** A try that only hints told of. */
  pending: trySchema.nullable(),
  /** A try given out on hints alone, whose verdict may still come and must not count again. */
  given: trySchema.nullable(),
  /** Tries given out. */
  count: z.number(),
  /** A verdict was seen: then PAM's sum repeats what is counted. */
  judged: z.boolean(),
  /** A key (or another method the client tries by itself) was refused. */
  automatic: z.boolean(),
  /** Kinds of closing lines seen; a kind that comes again belongs to another connection with a reused process id. */
  closings: z.array(z.string()),
  /** Running numbers of like tries within the second `numbersAt`. */
  numbersAt: z.number(),
  numbers: z.record(z.string(), z.number()),
});
export type Connection = z.infer<typeof connectionSchema>;

/** Shown for a name that is empty, which the contract does not allow. */
export const EMPTY_NAME = '(empty)';
/** Shown when only PAM spoke, which names no user that does not exist. */
export const UNKNOWN_NAME = '(unknown)';

const SUBJECT_MAX = 320;
const ATTRIBUTE_MAX = 256;

export function newConnection(host: string, pid: string | null, at: number): Connection {
  return {
    host,
    pid,
    ip: null,
    port: null,
    at,
    pending: null,
    given: null,
    count: 0,
    judged: false,
    automatic: false,
    closings: [],
    numbersAt: at,
    numbers: {},
  };
}

/** Makes the connection a fresh one of the same process id; numbers go on, so that no id comes twice. */
export function renew(connection: Connection): void {
  const { host, pid, at, numbersAt, numbers } = connection;
  Object.assign(connection, newConnection(host, pid, at), { numbersAt, numbers });
}

/**
 * Begins a try. Its id comes from its first evidence alone: whether later lines were already there when it was sent makes no difference,
 * so reading the log again, from any place and under any path, gives the same ids.
 */
export function beginTry(
  connection: Connection,
  at: number,
  origin: Origin,
  about: { reason: string; method: string | null; sources: string[] },
): Try {
  if (connection.numbersAt !== at) {
    connection.numbersAt = at;
    connection.numbers = {};
  }
  const like = JSON.stringify([origin.user, origin.ip]);
  const number = connection.numbers[like] ?? 0;
  connection.numbers[like] = number + 1;
  // Without a process id only the port tells two connections of one source apart.
  const process = connection.pid ?? [origin.port];
  const key = JSON.stringify([connection.host, process, at, like, number]);
  const id = `sshd-${createHash('sha256').update(key).digest('base64url').slice(0, 24)}`;
  return { id, at, ...origin, ...about };
}

/** Says whether evidence may be about this try: what both know must be the same. */
export function fits(one: Try, origin: Origin): boolean {
  return same(one.user, origin.user) && same(one.ip, origin.ip) && same(one.port, origin.port);
}

export function same<T>(left: T | null, right: T | null): boolean {
  return left === null || right === null || left === right;
}

/** Adds what new evidence knows to a try. */
export function complete(one: Try, origin: Origin): void {
  one.user ??= origin.user;
  one.ip ??= origin.ip;
  one.port ??= origin.port;
}

/** The record of a try; null without an address (UseDNS and PAM may log a host name), which the contract demands. */
export function toAttempt(connection: Connection, one: Try, outcome: 'success' | 'failure'): NewAttempt | null {
  const ip = one.ip ?? connection.ip;
  if (ip === null) return null;
  const port = one.port ?? connection.port;
  const { host, pid } = connection;
  return {
    id: one.id,
    occurredAt: new Date(one.at).toISOString(),
    subject: subjectOf(one.user),
    outcome,
    ...(outcome === 'failure' ? { reason: one.reason } : {}),
    ip,
    ...(one.method === null ? {} : { factor: factorOf(one.method) }),
    attributes: {
      service: 'sshd',
      host: storable(host, ATTRIBUTE_MAX),
      ...(pid === null ? {} : { pid: storable(pid, ATTRIBUTE_MAX) }),
      ...(port === null ? {} : { port }),
      ...(one.method === null ? {} : { method: storable(one.method, ATTRIBUTE_MAX) }),
    },
  };
}

function subjectOf(user: string | null): string {
  if (user === null) return UNKNOWN_NAME;
  if (user === '') return EMPTY_NAME;
  return storable(user, SUBJECT_MAX);
}

/** Cut to length, without NUL and broken characters, which no database takes as text. */
function storable(text: string, max: number): string {
  return Buffer.from(text.slice(0, max)).toString('utf8').replaceAll('\0', '\ufffd');
}

function factorOf(method: string): Factor {
  if (method === 'publickey' || method === 'hostbased') return 'key';
  if (method.startsWith('gssapi')) return 'sso';
  return method === 'none' ? 'none' : 'password';
}
