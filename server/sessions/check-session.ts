import type { DataSource } from 'typeorm';
import type { Confinement } from '../contracts/authentication.js';
import type { Role } from '../contracts/people.js';
import type { EndReason } from '../contracts/sessions.js';
import { sha256 } from '../platform/crypto.js';
import { noteRevokedUse, type UsedFrom } from './note-revoked-use.js';
import { locked } from './store/locked.js';

export type LiveSession = {
  sessionId: string;
  personId: string;
  name: string;
  email: string;
  role: Role;
  /** The one thing it may do, as long as something is to be done first; null for a whole session. */
  confinedTo: Confinement | null;
};
/** `locked` is open still, and good for nothing until its person has shown again who it is. */
export type SessionCheck =
  | { state: 'live'; session: LiveSession }
  | { state: 'locked'; session: LiveSession }
  | { state: 'ended'; reason: EndReason }
  | { state: 'unknown' };
/** A session that may have no open socket, with why; `confined` has something else to do first. */
export type ShutSession = { id: string; reason: EndReason | 'locked' | 'confined' };

/** How exact `last_seen_at` is, in seconds: the check is a read, and a write only this often. */
const SEEN_EVERY_SECONDS = 30;

type Row = LiveSession & {
  state: 'live' | 'locked' | 'idle' | 'expired' | 'ended' | 'account_disabled';
  endReason: EndReason | null;
  stale: boolean;
};

/** Asks the primary database, by its own clock, on every request: no cache may outlive a revocation. */
export class CheckSession {
  constructor(private readonly database: DataSource) {}

  /**
   * Says whether a token stands for a live session.
   * @param attended false for what a page asks by itself: only what a person does keeps a session from locking and ending
   * @param from where it is presented: kept as the place of last use, and noted where the session was revoked
   */
  async check(token: string, attended: boolean, from?: UsedFrom): Promise<SessionCheck> {
    const check = await this.checkWhere('s.token_hash', sha256(token), attended, from?.ip);
    if (check.state === 'ended' && from) await noteRevokedUse(this.database, sha256(token), from);
    return check;
  }

  /** The same for a session whose token was checked before, such as that of an open socket: its token may have changed since. */
  checkById(sessionId: string): Promise<SessionCheck> {
    return this.checkWhere('s.id', sessionId, false);
  }

  /**
   * The open session whose token took the place of this one. Where a browser still comes with the former token, the answer that carried
   * the new one was lost: nobody holds the session. Good for ending it, and for nothing else.
   */
  async replacedBy(formerToken: string): Promise<Pick<LiveSession, 'sessionId' | 'personId' | 'name'> | undefined> {
    const [row] = await this.database.query<Pick<LiveSession, 'sessionId' | 'personId' | 'name'>[]>(
      `SELECT s.id AS "sessionId", s.person_id AS "personId", p.name FROM sessions s JOIN people p ON p.id = s.person_id
       WHERE s.former_token_hash = $1 AND s.ended_at IS NULL`,
      [sha256(formerToken)],
    );
    return row;
  }

  private async checkWhere(
    column: 's.token_hash' | 's.id',
    value: Buffer | string,
    attended: boolean,
    ip?: string,
  ): Promise<SessionCheck> {
    const [row] = await this.database.query<Row[]>(`${select} WHERE ${column} = $1`, [value, SEEN_EVERY_SECONDS]);
    if (!row) return { state: 'unknown' };
    if (row.state !== 'live' && row.state !== 'locked')
      return { state: 'ended', reason: row.endReason ?? (row.state === 'ended' ? 'signed_out' : row.state) };
    if (attended && row.state === 'live' && row.stale) {
      // Both asked again: it may have been ended or locked between the read and this write, and nothing may undo that.
      const [, touched] = await this.database.query<[unknown, number]>(
        `UPDATE sessions s SET last_seen_at = now(), seen_ip = coalesce($2::inet, seen_ip) WHERE id = $1 AND ended_at IS NULL AND NOT ${locked}`,
        [row.sessionId, ip ?? null],
      );
      if (touched === 0) return this.checkWhere(column, value, attended, ip);
    }
    const { sessionId, personId, name, email, role, confinedTo } = row;
    return { state: row.state, session: { sessionId, personId, name, email, role, confinedTo } };
  }

  /** Of the given sessions, those that are confined, locked or not open any more: what a server's sweep asks for its open sockets. */
  async findShut(sessionIds: readonly string[]): Promise<ShutSession[]> {
    return this.database.query(
      `SELECT asked.id, coalesce(s.end_reason, CASE WHEN p.disabled_at IS NOT NULL THEN 'account_disabled' WHEN s.expires_at <= now() THEN 'expired'
       WHEN s.id IS NULL OR s.last_seen_at + s.idle_limit <= now() THEN 'idle' WHEN ${locked} THEN 'locked' ELSE 'confined' END) AS reason
     FROM unnest($1::uuid[]) AS asked (id) LEFT JOIN sessions s ON s.id = asked.id LEFT JOIN people p ON p.id = s.person_id
     WHERE s.id IS NULL OR s.ended_at IS NOT NULL OR s.last_seen_at + s.idle_limit <= now() OR s.expires_at <= now() OR p.disabled_at IS NOT NULL OR ${locked}
       OR s.confined_to IS NOT NULL OR p.password_change_required_at IS NOT NULL`,
      [sessionIds],
    );
  }
}

const select = `
  SELECT s.id AS "sessionId", s.person_id AS "personId", p.name, p.email, p.role,
    CASE WHEN p.password_change_required_at IS NOT NULL THEN 'password_change' ELSE s.confined_to END AS "confinedTo", s.end_reason AS "endReason",
    s.last_seen_at < now() - make_interval(secs => $2) AS stale,
    CASE WHEN s.ended_at IS NOT NULL THEN 'ended' WHEN p.disabled_at IS NOT NULL THEN 'account_disabled' WHEN s.expires_at <= now() THEN 'expired'
      WHEN s.last_seen_at + s.idle_limit <= now() THEN 'idle' WHEN ${locked} THEN 'locked' ELSE 'live' END AS state
  FROM sessions s JOIN people p ON p.id = s.person_id`;
