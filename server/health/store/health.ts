import type { Queryable } from '../../platform/database/data-source.js';
import type { SystemHealth } from '../../contracts/health.js';
import type { Process } from '../domain/describe-processes.js';

/** For how many days attempts that could not be scored are told of. */
const SET_ASIDE_DAYS = 7;

type Scoring = Omit<SystemHealth['scoring'], 'pace'>;

/** What PostgreSQL alone can tell, all of it by counters, indexes or tables of few rows. */
export type StoredHealth = {
  now: Date;
  schema: { applied: number; newest: string };
  scoring: Scoring;
  processes: (Process & Pace)[];
  database: SystemHealth['database'];
  oldestAt: string | null;
  mail: SystemHealth['mail'];
  webhook: SystemHealth['webhook'];
  sweep: SystemHealth['sweep'];
};
type Pace = { scoredMinute: number | null; scoredAt: string | null; lagMs: number | null };

/** Everything in one question, so that all of it is of one moment. */
export async function readStoredHealth(database: Queryable): Promise<StoredHealth> {
  const [row] = await database.query<StoredHealth[]>(state, [SET_ASIDE_DAYS]);
  if (!row) throw new Error('The database told nothing of itself.');
  return row;
}

const instant = (sql: string): string => `to_char((${sql}) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
const today = `created_at > now() - interval '1 day'`;

const scoring = `
  SELECT json_build_object('waiting', i.waiting, 'oldestSeconds', i.oldest, 'setAside', q.count, 'setAsideAt', ${instant('q.newest')},
    'holder', l.holder, 'heldAt', ${instant("nullif(l.renewed_at, '-infinity')")})
  FROM scoring_lane l,
    (SELECT coalesce(sum(attempts), 0)::int AS waiting, coalesce(extract(epoch FROM clock_timestamp() - min(received_at)), 0)::float8 AS oldest FROM attempt_inbox) i,
    (SELECT count(*)::int AS count, max(at) AS newest FROM quarantined_attempts WHERE at > now() - make_interval(days => $1)) q`;

const processes = `
  SELECT coalesce(json_agg(json_build_object('id', id, 'kind', kind, 'host', host, 'version', version, 'lane', lane, 'startedAt', ${instant('started_at')},
    'seenAt', ${instant('seen_at')}, 'scoredMinute', scored_minute, 'scoredAt', ${instant('scored_at')}, 'lagMs', lag_ms) ORDER BY kind, started_at, id), '[]') FROM nodes`;

/** The size of a week ago, or the oldest that is known; the newest is what it is compared with, and no comparison. */
const database = `
  SELECT json_build_object('bytes', pg_database_size(current_database()),
    'before', (SELECT json_build_object('at', ${instant('hour')}, 'bytes', bytes) FROM database_sizes
      WHERE hour >= now() - interval '7 days' AND hour < now() - interval '2 hours' ORDER BY hour LIMIT 1),
    'connections', (SELECT coalesce(sum(numbackends), 0)::int FROM pg_stat_database), 'connectionsMax', current_setting('max_connections')::int)`;

const mail = `
  SELECT json_build_object('waiting', w.count, 'waitingSince', ${instant('w.oldest')}, 'held', h.count, 'failedToday', f.count) FROM
    (SELECT count(*)::int AS count, min(created_at) AS oldest FROM notifications WHERE state = 'queued' AND person_id IS NOT NULL) w,
    (SELECT count(*)::int AS count FROM notifications WHERE state = 'held' AND person_id IS NOT NULL) h,
    (SELECT count(*)::int AS count FROM notifications WHERE state = 'failed' AND person_id IS NOT NULL AND ${today}) f`;

const webhook = `
  SELECT json_build_object('failingSince', ${instant('t.failing_since')}, 'disabledAt', ${instant('t.disabled_at')},
    'waiting', (SELECT count(*)::int FROM notifications WHERE person_id IS NULL AND state IN ('queued', 'held')),
    'failedToday', (SELECT count(*)::int FROM notifications WHERE person_id IS NULL AND state = 'failed' AND ${today}))
  FROM webhook t`;

const state = `
  SELECT clock_timestamp() AS now,
    (SELECT json_build_object('applied', count(*)::int, 'newest', (array_agg(name ORDER BY timestamp DESC))[1]) FROM migrations) AS schema,
    (${scoring}) AS scoring, (${processes}) AS processes, (${database}) AS database,
    (SELECT ${instant('occurred_at')} FROM attempts ORDER BY occurred_at LIMIT 1) AS "oldestAt",
    (${mail}) AS mail, (${webhook}) AS webhook,
    (SELECT json_build_object('endedAt', ${instant('ended_at')}, 'tookMs', took_ms) FROM last_sweep) AS sweep`;
