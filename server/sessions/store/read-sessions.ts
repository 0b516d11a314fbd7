import type { DataSource } from 'typeorm';
import type { Novelty } from '../../contracts/activity.js';
import type { Client, Network, Place } from '../../contracts/detection.js';
import type { EndReason } from '../../contracts/sessions.js';
import type { Queryable } from '../../platform/database/data-source.js';

export type SessionRow = {
  id: string;
  person_id: string;
  name: string;
  email: string;
  device: Client['device'];
  os: string | null;
  browser: string | null;
  ip: string;
  place: Place | null;
  network: Network;
  amr: string[];
  aal: 1 | 2;
  started_at: Date;
  last_seen_at: Date;
  idle_at: Date;
  expires_at: Date;
  ended_at: Date | null;
  end_reason: EndReason | null;
  user_agent: string | null;
  shared: boolean;
  novelties: Novelty[];
};

/** How long a session is marked as new, in days: what an alert said may be dismissed, the session may still be somebody else's. */
const MARKED_DAYS = 14;

const columns = `
  s.id, s.person_id, p.name, p.email, s.device, s.os, s.browser, host(s.ip) AS ip, s.place, s.network, s.amr, s.aal, s.started_at, s.last_seen_at,
  s.last_seen_at + s.idle_limit AS idle_at, s.expires_at, s.ended_at, s.end_reason, s.user_agent, s.shared,
  CASE WHEN s.started_at > now() - interval '${MARKED_DAYS} days' THEN s.novelties ELSE '{}' END AS novelties
  FROM sessions s JOIN people p ON p.id = s.person_id`;
const live =
  's.ended_at IS NULL AND s.last_seen_at + s.idle_limit > now() AND s.expires_at > now() AND p.disabled_at IS NULL';
/** Ended sessions stay in lists this long, so that a person can see what was signed out (days). */
const ENDED_SHOWN_DAYS = 28;

export type SessionFilter = {
  person?: string | undefined;
  ip?: string | undefined;
  device?: string | undefined;
  state: 'live' | 'ended';
};
/** Where a page begins: the sort time in microseconds since 1970 as text, and the id. */
export type SessionPosition = { at: string; id: string } | undefined;

/** Live sessions by last use, ended ones by their end; newest first. */
export async function listSessions(
  database: DataSource,
  filter: SessionFilter,
  after: SessionPosition,
  limit: number,
): Promise<(SessionRow & { position: string })[]> {
  const sort = filter.state === 'live' ? 's.last_seen_at' : 's.ended_at';
  const state = filter.state === 'live' ? live : `s.ended_at > now() - interval '${ENDED_SHOWN_DAYS} days'`;
  return database.query(
    `SELECT ${sort}::text AS position, ${columns}
     WHERE ${state} AND ($1::uuid IS NULL OR s.person_id = $1) AND ($2::inet IS NULL OR $2 IN (s.ip, s.seen_ip)) AND ($6::uuid IS NULL OR s.device_id = $6)
       AND ($3::timestamptz IS NULL OR (${sort}, s.id) < ($3, $4::uuid))
     ORDER BY ${sort} DESC, s.id DESC LIMIT $5`,
    [filter.person ?? null, filter.ip ?? null, after?.at ?? null, after?.id ?? null, limit, filter.device ?? null],
  );
}

export async function readSession(database: DataSource, id: string): Promise<SessionRow | undefined> {
  const [row] = await database.query<SessionRow[]>(`SELECT ${columns} WHERE s.id = $1`, [id]);
  return row;
}

export async function sessionsOfRevocation(database: Queryable, revocationId: string): Promise<SessionRow[]> {
  return database.query<SessionRow[]>(`SELECT ${columns} WHERE s.revocation_id = $1 ORDER BY s.started_at LIMIT 1000`, [
    revocationId,
  ]);
}

/** How many live sessions each of these people has; who has none is left out. */
export async function countLiveOf(database: Queryable, personIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await database.query<{ person: string; count: number }[]>(
    `SELECT s.person_id AS person, count(*)::int AS count FROM sessions s JOIN people p ON p.id = s.person_id
     WHERE ${live} AND s.person_id = ANY($1) GROUP BY 1`,
    [personIds],
  );
  return new Map(rows.map(({ person, count }) => [person, count]));
}

/** Live sessions of one person. */
export async function countLive(database: Queryable, personId: string): Promise<number> {
  const [row] = await database.query<{ count: string }[]>(
    `SELECT count(*) AS count FROM sessions s JOIN people p ON p.id = s.person_id WHERE ${live} AND s.person_id = $1`,
    [personId],
  );
  return Number(row?.count ?? 0);
}
