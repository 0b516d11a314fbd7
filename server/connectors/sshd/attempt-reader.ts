import { z } from 'zod';
import type { NewAttempt } from '../../contracts/attempts.js';
import {
  beginTry,
  complete,
  connectionSchema,
  fits,
  newConnection,
  renew,
  same,
  toAttempt,
  type Connection,
  type Try,
} from './connection.js';
import { readEvidence, type Evidence } from './evidence.js';
import type { LogLine } from './log-line.js';

/** Connections remembered at most. sshd itself holds at most 100 unauthenticated ones at a time (MaxStartups). */
const CONNECTIONS_MAX = 4_096;
/** A connection without a line for so long is over: LoginGraceTime is 2 minutes unless changed. */
const CONNECTION_MS = 15 * 60_000;
/** How long a hint waits for its verdict, in log time. PAM delays a refusal by about 2 s. */
const HINT_MS = 10_000;
/** More repeats than this in one line are not believed. */
const REPEATS_MAX = 1_000;

const REPEATED = /^message repeated (\d{1,6}) times?: \[ (.*)\]$/s;

/** Methods a client tries by itself, key after key, before it asks anybody: all refusals in one connection are one attempt. */
const AUTOMATIC = /^(?:publickey|hostbased|gssapi)/;

export const readerSnapshot = z.array(connectionSchema).max(CONNECTIONS_MAX);

type Of<K extends Evidence['kind']> = Extract<Evidence, { kind: K }>;

/**
 * Turns the lines of sshd into attempts, each real attempt once.
 *
 * Attempts are: `Accepted …` and `Failed …` (sshd's verdicts, one per request). `Failed none` is no attempt but the question which
 * methods there are. Everything else is a hint, held for a moment and merged into the verdict that follows: `Invalid user`, PAM's
 * `authentication failure`, `User … not allowed because`. Where no verdict follows (other log levels, key-only servers), the hint is the
 * only evidence and counts once. A connection that ended while somebody was trying (`Disconnected from authenticating user`,
 * `maximum authentication attempts exceeded`) counts once if nothing else told of it.
 */
export class AttemptReader {
  private readonly connections = new Map<string, Connection>();
  /** Keys of connections with a pending try, oldest first. */
  private readonly waiting = new Set<string>();
  private ready: NewAttempt[] = [];

  constructor(snapshot: z.infer<typeof readerSnapshot> = []) {
    for (const connection of structuredClone(snapshot)) {
      const key = keyOf(connection.host, connection.pid, connection.ip, connection.port);
      this.connections.set(key, connection);
      if (connection.pending) this.waiting.add(key);
    }
  }

  /** Takes one line and gives the attempts it completes. */
  read(line: LogLine, repeats = 1): NewAttempt[] {
    this.giveOverdue(line.at);
    const repeated = REPEATED.exec(line.message);
    const evidence = readEvidence(repeated?.[2] ?? line.message);
    if (evidence) {
      const wanted = repeated ? repeats * Number(repeated[1]) : repeats;
      const times = Math.min(wanted, REPEATS_MAX);
      for (let time = 0; time < times; time += 1) this.take(line, evidence);
    }
    return this.handOver();
  }

  /** Gives what is still waiting for a verdict: at the end of the log, and when it is quiet. */
  flush(): NewAttempt[] {
    for (const key of this.waiting) {
      const connection = this.connections.get(key);
      if (connection) this.givePending(connection);
    }
    this.waiting.clear();
    return this.handOver();
  }

  get isWaiting(): boolean {
    return this.waiting.size > 0;
  }

  /** All memory, to go on after a restart; to be written down before the next line is read. */
  snapshot(): z.infer<typeof readerSnapshot> {
    return [...this.connections.values()];
  }

  private handOver(): NewAttempt[] {
    const { ready } = this;
    this.ready = [];
    return ready;
  }

  private take(line: LogLine, evidence: Evidence): void {
    const from = 'origin' in evidence ? evidence.origin : null;
    const key = keyOf(line.host, line.pid, from?.ip ?? null, from?.port ?? null);
    const connection = this.connectionOf(key, line);
    if (from && !(same(connection.ip, from.ip) && same(connection.port, from.port))) {
      this.givePending(connection);
      renew(connection);
    }
    this.apply(connection, line.at, evidence);
    if (from) {
      connection.ip ??= from.ip;
      connection.port ??= from.port;
    }
    if (connection.pending) this.waiting.add(key);
    else this.waiting.delete(key);
  }

  private apply(connection: Connection, at: number, evidence: Evidence): void {
    switch (evidence.kind) {
      case 'opened':
        this.givePending(connection);
        renew(connection);
        break;
      case 'accepted':
        this.accept(connection, at, evidence);
        break;
      case 'failed':
        if (evidence.method === 'none') this.hint(connection, at, questionOf(evidence));
        else this.fail(connection, at, evidence);
        break;
      case 'hint':
        this.hint(connection, at, evidence);
        break;
      case 'more':
        this.addMore(connection, at, evidence);
        break;
      case 'closed':
        this.close(connection, at, evidence);
        break;
      case 'ended':
        this.givePending(connection);
    }
  }

  private accept(connection: Connection, at: number, evidence: Of<'accepted'>): void {
    // Stacked PAM modules refuse before one of them accepts: the hint then was no failed attempt.
    if (connection.pending && fits(connection.pending, evidence.origin)) connection.pending = null;
    this.givePending(connection);
    const { origin, method } = evidence;
    const one = beginTry(connection, at, origin, { reason: '', method, sources: [] });
    connection.judged = true;
    this.give(connection, one, 'success');
  }

  private fail(connection: Connection, at: number, evidence: Of<'failed'>): void {
    const { origin, method } = evidence;
    const automatic = AUTOMATIC.test(method);
    const again = automatic && connection.automatic;
    connection.judged = true;
    connection.automatic ||= automatic;
    const { pending, given } = connection;
    if (pending && fits(pending, origin)) {
      complete(pending, origin);
      pending.method = method;
      if (pending.reason === 'other') pending.reason = reasonOf(evidence, automatic);
      this.givePending(connection, false);
      return;
    }
    this.givePending(connection, false);
    if (given && fits(given, origin)) {
      connection.given = null;
      return;
    }
    if (again) return;
    const reason = reasonOf(evidence, automatic);
    this.give(connection, beginTry(connection, at, origin, { reason, method, sources: [] }));
  }

  private hint(connection: Connection, at: number, evidence: Of<'hint'>): void {
    const { source, reason, origin } = evidence;
    // The question for methods comes first; after a counted try it tells nothing new.
    if (source === 'none' && connection.count > 0) return;
    const known = connection.pending ?? connection.given;
    if (known && fits(known, origin) && !known.sources.includes(source)) {
      complete(known, origin);
      known.sources.push(source);
      // PAM's general refusal never replaces what sshd knew: that the name does not exist or may not enter.
      if (known.reason === 'other') known.reason = reason;
      return;
    }
    this.givePending(connection);
    const about = { reason, method: null, sources: [source] };
    connection.pending = beginTry(connection, at, origin, about);
  }

  private addMore(connection: Connection, at: number, evidence: Of<'more'>): void {
    const known = connection.pending ?? connection.given;
    if (connection.judged || !known?.sources.some((source) => /^pam/i.test(source))) return;
    this.givePending(connection);
    const { user, ip, port, reason } = known;
    for (let time = 0; time < evidence.count; time += 1) {
      const about = { reason, method: null, sources: [] };
      this.give(connection, beginTry(connection, at, { user, ip, port }, about));
    }
  }

  private close(connection: Connection, at: number, evidence: Of<'closed'>): void {
    const { source, reason, origin } = evidence;
    if (connection.closings.includes(source)) {
      this.givePending(connection);
      renew(connection);
    }
    connection.closings.push(source);
    if (connection.pending) {
      if (fits(connection.pending, origin)) complete(connection.pending, origin);
      this.givePending(connection);
    }
    if (connection.count > 0) return;
    const about = { reason, method: null, sources: [source] };
    this.give(connection, beginTry(connection, at, origin, about));
  }

  /** Gives the pending try. `open`: its verdict may still come. */
  private givePending(connection: Connection, open = true): void {
    const { pending } = connection;
    if (!pending) return;
    connection.pending = null;
    connection.given = open ? pending : null;
    this.give(connection, pending);
  }

  private give(connection: Connection, one: Try, outcome: 'success' | 'failure' = 'failure'): void {
    connection.count += 1;
    const attempt = toAttempt(connection, one, outcome);
    if (attempt) this.ready.push(attempt);
  }

  private giveOverdue(now: number): void {
    for (const key of this.waiting) {
      const connection = this.connections.get(key);
      if (connection?.pending && now - connection.pending.at < HINT_MS) return;
      this.waiting.delete(key);
      if (connection) this.givePending(connection);
    }
  }

  private connectionOf(key: string, line: LogLine): Connection {
    const known = this.connections.get(key);
    if (known && Math.abs(line.at - known.at) < CONNECTION_MS) {
      this.connections.delete(key);
      this.connections.set(key, known);
      known.at = line.at;
      return known;
    }
    if (known) this.forget(key, known);
    const fresh = newConnection(line.host, line.pid, line.at);
    this.connections.set(key, fresh);
    this.forgetOld(line.at);
    return fresh;
  }

  /** Two at most for each new one: memory shrinks after a flood, and no line pays for all. */
  private forgetOld(now: number): void {
    for (let turn = 0; turn < 2; turn += 1) {
      const [oldest] = this.connections;
      if (!oldest) return;
      const [key, connection] = oldest;
      if (this.connections.size <= CONNECTIONS_MAX && !isOver(connection, now)) return;
      this.forget(key, connection);
    }
  }

  private forget(key: string, connection: Connection): void {
    this.givePending(connection);
    this.connections.delete(key);
    this.waiting.delete(key);
  }
}

function isOver(connection: Connection, now: number): boolean {
  return now - connection.at >= CONNECTION_MS;
}

/** One process serves one connection; without a process id (rare) address and port must do. */
function keyOf(host: string, pid: string | null, ip: string | null, port: number | null): string {
  return JSON.stringify(pid === null ? [host, ip, port] : [host, pid]);
}

function questionOf(evidence: Of<'failed'>): Of<'hint'> {
  const reason = evidence.invalid ? 'unknown_subject' : 'other';
  return { kind: 'hint', source: 'none', reason, origin: evidence.origin };
}

function reasonOf(evidence: Of<'failed'>, automatic: boolean): string {
  if (evidence.invalid) return 'unknown_subject';
  return automatic ? 'other' : 'wrong_password';
}
