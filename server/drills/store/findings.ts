import type { AlertKind } from '../../contracts/alerts.js';
import type { DrillResult } from '../../contracts/drills.js';
import type { Queryable } from '../../platform/database/data-source.js';

/** An alert of a drill: when it was stored, the moment of the attempt that brought it about, and the moments of those it counts. */
export type DrillAlert = { id: string; kind: AlertKind; storedAt: number; raisedBy: number; moments: number[] };

/** Times are milliseconds since 1970; the moments of attempts are by the clock of whoever sent them. */
export async function readDrillAlerts(database: Queryable, applicationId: string): Promise<DrillAlert[]> {
  const rows = await database.query<(Omit<DrillAlert, 'moments'> & { moments: string[] })[]>(
    `SELECT a.id, a.kind, (extract(epoch FROM a.raised_at) * 1000)::float AS "storedAt",
       (SELECT (extract(epoch FROM e.at) * 1000)::float FROM alert_events e WHERE e.alert_id = a.id AND e.kind = 'raised' ORDER BY e.id LIMIT 1) AS "raisedBy",
       ARRAY(SELECT (extract(epoch FROM t.occurred_at) * 1000)::bigint FROM alert_attempts l JOIN attempts t ON t.id = l.attempt_id
         WHERE l.alert_id = a.id AND t.application_id = $1) AS moments
     FROM alerts a WHERE a.application_id = $1 ORDER BY a.number`,
    [applicationId],
  );
  return rows.map((row) => ({ ...row, raisedBy: Math.round(row.raisedBy), moments: row.moments.map(Number) }));
}

/** By how much the clock of the database is ahead of ours, in milliseconds. */
export async function clockAhead(database: Queryable): Promise<number> {
  const before = Date.now();
  const [row] = await database.query<{ at: Date }[]>('SELECT clock_timestamp() AS at');
  return (row?.at.getTime() ?? before) - (before + Date.now()) / 2;
}

export async function policyVersionOf(database: Queryable, applicationId: string): Promise<number> {
  const [row] = await database.query<{ version: number }[]>(
    'SELECT max(policy_version)::int AS version FROM attempts WHERE application_id = $1',
    [applicationId],
  );
  return row?.version ?? 0;
}

/** Applications of drills, whether one is running or was left by a worker that is gone. */
export async function drillApplications(database: Queryable): Promise<string[]> {
  const rows = await database.query<{ id: string }[]>(`SELECT id FROM applications WHERE kind = 'drill' ORDER BY id`);
  return rows.map(({ id }) => id);
}

/** What still reminds of a drill. Incidents are only made by alerts, and are counted by the range of their sources. */
export async function countLeft(database: Queryable, applicationId: string): Promise<DrillResult['left']> {
  const [row] = await database.query<DrillResult['left'][]>(
    `SELECT (SELECT count(*)::int FROM applications WHERE kind = 'drill') AS applications,
       (SELECT count(*)::int FROM attempts WHERE application_id = $1::uuid) AS attempts,
       (SELECT count(*)::int FROM alerts WHERE application_id = $1::uuid) AS alerts,
       (SELECT count(DISTINCT incident_id)::int FROM incident_sources WHERE ip << '198.18.0.0/15') AS incidents,
       (SELECT count(*)::int FROM profiles WHERE subject_key LIKE ($1::uuid)::text || ':%') AS profiles,
       (SELECT count(*)::int FROM people WHERE email LIKE '%@drill.invalid') AS people`,
    [applicationId],
  );
  if (!row) throw new Error('Nothing was counted.');
  return row;
}

/** The newest row of the inbox, and whether everything up to one is scored. */
export async function lastInInbox(database: Queryable): Promise<string> {
  const [row] = await database.query<{ last: string }[]>(
    'SELECT coalesce(max(sequence), 0) AS last FROM attempt_inbox',
  );
  return row?.last ?? '0';
}
export async function isScoredUpTo(database: Queryable, sequence: string): Promise<boolean> {
  const rows = await database.query<unknown[]>('SELECT 1 FROM attempt_inbox WHERE sequence <= $1 LIMIT 1', [sequence]);
  return rows.length === 0;
}
