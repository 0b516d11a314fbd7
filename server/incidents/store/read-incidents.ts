import type { DataSource, EntityManager } from 'typeorm';
import type { AlertKind, AlertStatus, Verdict } from '../../contracts/alerts.js';
import type { RiskLevel } from '../../contracts/detection.js';
import type { IncidentDetail, IncidentQuery } from '../../contracts/incidents.js';

export type IncidentRow = {
  id: string;
  number: string;
  kinds: AlertKind[];
  severity: RiskLevel;
  status: AlertStatus;
  verdict: Verdict | null;
  assignee_id: string | null;
  assignee_name: string | null;
  lead_id: string;
  alerts: number;
  attempts: string;
  failures: string;
  subjects: number;
  got_in: number;
  sources: number;
  first_at: Date;
  last_at: Date;
  opened_at: Date;
  simulated: boolean;
  drill: boolean;
  position: string;
};

const select = `
  SELECT i.id, i.number, i.kinds, i.severity, l.status, l.verdict, l.assignee_id, p.name AS assignee_name, i.lead_id, i.attempts, i.failures,
    (SELECT count(*)::int FROM alerts a WHERE a.incident_id = i.id) AS alerts,
    (SELECT count(*)::int FROM incident_subjects s WHERE s.incident_id = i.id) AS subjects,
    (SELECT count(*)::int FROM incident_subjects s WHERE s.incident_id = i.id AND s.got_in_at IS NOT NULL) AS got_in,
    (SELECT count(*)::int FROM incident_sources s WHERE s.incident_id = i.id) AS sources,
    i.first_at, i.last_at, i.opened_at, i.simulated, coalesce(c.kind = 'drill', false) AS drill, i.opened_at::text AS position
  FROM incidents i JOIN alerts l ON l.id = i.lead_id LEFT JOIN people p ON p.id = l.assignee_id
    LEFT JOIN applications c ON c.id = l.application_id`;

export type IncidentPosition = { at: string; id: string } | undefined;

/** Newest first. */
export async function listIncidents(
  database: DataSource,
  { status, limit }: Pick<IncidentQuery, 'status' | 'limit'>,
  after: IncidentPosition,
): Promise<IncidentRow[]> {
  return database.query<IncidentRow[]>(
    `${select}
     WHERE ($1 = 'all' OR ($1 = 'open') = (l.status NOT IN ('resolved', 'closed'))) AND ($2::timestamptz IS NULL OR (i.opened_at, i.id) < ($2, $3::uuid))
     ORDER BY i.opened_at DESC, i.id DESC LIMIT $4`,
    [status, after?.at ?? null, after?.id ?? null, limit + 1],
  );
}

export async function readIncident(database: DataSource | EntityManager, id: string): Promise<IncidentRow | undefined> {
  const [row] = await readIncidentsByIds(database, [id]);
  return row;
}

export async function readIncidentsByIds(
  database: DataSource | EntityManager,
  ids: readonly string[],
): Promise<IncidentRow[]> {
  return ids.length === 0 ? [] : database.query<IncidentRow[]>(`${select} WHERE i.id = ANY($1)`, [ids]);
}

export type SubjectRow = {
  subject: string;
  person_id: string | null;
  person_name: string | null;
  attempts: string;
  failures: string;
  got_in_at: Date | null;
  last_at: Date;
  open_sessions: number;
};

/** Who got in first, then the most tried. */
export function readSubjects(database: DataSource, incidentId: string, limit: number): Promise<SubjectRow[]> {
  return database.query<SubjectRow[]>(
    `SELECT s.subject, p.id AS person_id, p.name AS person_name, s.attempts, s.failures, s.got_in_at, s.last_at,
       (SELECT count(*)::int FROM sessions o WHERE o.person_id = p.id AND o.ended_at IS NULL AND o.expires_at > now() AND o.last_seen_at + o.idle_limit > now()) AS open_sessions
     FROM (SELECT * FROM incident_subjects WHERE incident_id = $1 ORDER BY got_in_at IS NULL, attempts DESC, subject LIMIT $2) s
     LEFT JOIN people p ON p.id::text = s.subject
     ORDER BY s.got_in_at IS NULL, s.attempts DESC, s.subject`,
    [incidentId, limit],
  );
}

export type SourceRow = {
  ip: string;
  asn: string | null;
  organisation: string | null;
  country: string | null;
  attempts: string;
  failures: string;
  last_at: Date;
  throttled_until: Date | null;
};

/** The busiest first. */
export function readSources(database: DataSource, incidentId: string, limit: number): Promise<SourceRow[]> {
  return database.query<SourceRow[]>(
    `SELECT host(s.ip) AS ip, s.asn, s.organisation, s.country, s.attempts, s.failures, s.last_at, t.until AS throttled_until
     FROM incident_sources s LEFT JOIN throttled_sources t ON t.ip = s.ip AND t.until > now()
     WHERE s.incident_id = $1 ORDER BY s.attempts DESC, s.ip LIMIT $2`,
    [incidentId, limit],
  );
}

export type IncidentEventRow = {
  at: Date;
  kind: IncidentDetail['history'][number]['kind'];
  by: string | null;
  detail: IncidentDetail['history'][number]['detail'];
};

export function readEvents(database: DataSource, incidentId: string): Promise<IncidentEventRow[]> {
  return database.query<IncidentEventRow[]>(
    `SELECT e.at, e.kind, p.name AS by, e.detail FROM incident_events e LEFT JOIN people p ON p.id = e.person_id
     WHERE e.incident_id = $1 ORDER BY e.id LIMIT 200`,
    [incidentId],
  );
}

/** Its alerts, the first ones first. */
export async function readMembers(database: DataSource, incidentId: string, limit: number): Promise<string[]> {
  const rows = await database.query<{ id: string }[]>(
    'SELECT id FROM alerts WHERE incident_id = $1 ORDER BY number LIMIT $2',
    [incidentId, limit],
  );
  return rows.map(({ id }) => id);
}
