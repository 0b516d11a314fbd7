import type { DataSource } from 'typeorm';
import type { Novelty } from '../../contracts/activity.js';
import type { Client, Network, Place } from '../../contracts/detection.js';
import type { EndReason, SessionCount, SessionSort } from '../../contracts/sessions.js';
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
  revocation_id: string | null;
};

/** How long a session is marked as new, in days: what an alert said may be dismissed, the session may still be somebody else's. */
const MARKED_DAYS = 14;

const columns = `
  s.id, s.person_id, p.name, p.email, s.device, s.os, s.browser, host(s.ip) AS ip, s.place, s.network, s.amr, s.aal, s.started_at, s.last_seen_at,
  least(s.last_seen_at + s.idle_limit, s.expires_at) AS idle_at, s.expires_at, s.ended_at, s.end_reason, s.user_agent, s.shared, s.revocation_id,
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
  search?: string | undefined;
  state: 'live' | 'ended';
};
/** Where a page begins: what it is sorted by as text, and the id. */
export type SessionPosition = { at: string; id: string } | undefined;

const matching = (state: SessionFilter['state']): string => `
  ${state === 'live' ? live : `s.ended_at > now() - interval '${ENDED_SHOWN_DAYS} days'`}
  AND ($1::uuid IS NULL OR s.person_id = $1) AND ($2::inet IS NULL OR $2 IN (s.ip, s.seen_ip)) AND ($3::uuid IS NULL OR s.device_id = $3)
  AND ($4::text IS NULL OR position($4 IN lower(concat_ws(' ', p.name, p.email, host(s.ip), s.place->>'city', s.place->>'country', s.network->>'organisation', s.browser, s.os))) > 0)`;
const valuesOf = ({ person, ip, device, search }: SessionFilter): (string | null)[] => [
  person ?? null,
  ip ?? null,
  device ?? null,
  search === undefined || search === '' ? null : search.toLowerCase(),
];

/** What each order sorts by, of which type that is, and in which direction. */
const orders = {
  recent: (state: SessionFilter['state']) => [
    state === 'live' ? 's.last_seen_at' : 's.ended_at',
    'timestamptz',
    'DESC',
  ],
  started: () => ['s.started_at', 'timestamptz', 'DESC'],
  person: () => ['lower(p.name)', 'text', 'ASC'],
} as const satisfies Record<SessionSort, unknown>;

/** Live sessions or those that ended lately, a page of them. */
export async function listSessions(
  database: DataSource,
  filter: SessionFilter & { sort?: SessionSort },
  after: SessionPosition,
  limit: number,
): Promise<(SessionRow & { position: string })[]> {
  const [by, type, direction] = orders[filter.sort ?? 'recent'](filter.state);
  return database.query(
    `SELECT ${by}::text AS position, ${columns}
     WHERE ${matching(filter.state)} AND ($5::${type} IS NULL OR (${by}, s.id) ${direction === 'ASC' ? '>' : '<'} ($5, $6::uuid))
     ORDER BY ${by} ${direction}, s.id ${direction} LIMIT $7`,
    [...valuesOf(filter), after?.at ?? null, after?.id ?? null, limit],
  );
}

/** How many sessions of how many people a filter finds. */
export async function countSessions(database: Queryable, filter: SessionFilter): Promise<SessionCount> {
  const [row] = await database.query<SessionCount[]>(
    `SELECT count(*)::int AS sessions, count(DISTINCT s.person_id)::int AS people FROM sessions s JOIN people p ON p.id = s.person_id
     WHERE ${matching(filter.state)}`,
    valuesOf(filter),
  );
  return row ?? { sessions: 0, people: 0 };
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
