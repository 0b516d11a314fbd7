import type { DataSource, EntityManager } from 'typeorm';
import type { AlertEvidence, AlertKind, AlertQuery, AlertStatus, AlertView, Verdict } from '../../contracts/alerts.js';
import type { Risk, RiskLevel } from '../../contracts/detection.js';
import { IS_OPEN } from '../domain/transitions.js';
import { party } from './party.js';

/** Alerts that belong together, as far as one answer counts them. */
const PARTY_MAX = 1_000;

export type AlertRow = {
  id: string;
  number: string;
  kind: AlertKind;
  severity: RiskLevel;
  status: AlertStatus;
  verdict: Verdict | null;
  subject: string;
  person_id: string | null;
  person_name: string | null;
  ip: string | null;
  score: number | null;
  /** Where what followed its sign-in changed the score. */
  risk: Risk | null;
  evidence: AlertEvidence;
  first_at: Date;
  last_at: Date;
  raised_at: Date;
  resolved_at: Date | null;
  assignee_id: string | null;
  assignee_name: string | null;
  held_until: Date | null;
  target_minutes: number | null;
  merged_into: string | null;
  merged_number: string | null;
  simulated: boolean;
  drill: boolean;
  incident: (Omit<NonNullable<AlertView['incident']>, 'number' | 'lead'> & { number: number; leadId: string }) | null;
  position: string;
  /** Names of the people among the subjects of the evidence, by id. */
  names: ReadonlyMap<string, string>;
};
type StoredRow = Omit<AlertRow, 'names'>;

const select = `
  SELECT a.id, a.number, a.kind, a.severity, a.status, a.verdict, a.subject, a.person_id, p.name AS person_name, host(a.ip) AS ip, a.score, a.risk, a.evidence,
    a.first_at, a.last_at, a.raised_at, a.resolved_at, a.assignee_id, s.name AS assignee_name,
    CASE WHEN a.status = 'on_hold' THEN a.held_until END AS held_until,
    (SELECT CASE coalesce(i.severity, a.severity) WHEN 'critical' THEN r.critical_minutes WHEN 'high' THEN r.high_minutes END FROM notification_rules r) AS target_minutes, a.merged_into, t.number AS merged_number, a.simulated, coalesce(c.kind = 'drill', false) AS drill,
    a.raised_at::text AS position,
    CASE WHEN i.id IS NOT NULL THEN jsonb_build_object('id', i.id, 'number', i.number, 'severity', i.severity, 'leadId', i.lead_id,
      'kinds', i.kinds, 'alerts', (SELECT count(*) FROM alerts m WHERE m.incident_id = i.id),
      'subjects', (SELECT count(*) FROM incident_subjects u WHERE u.incident_id = i.id),
      'gotIn', (SELECT count(*) FROM incident_subjects u WHERE u.incident_id = i.id AND u.got_in_at IS NOT NULL),
      'sources', (SELECT count(*) FROM incident_sources u WHERE u.incident_id = i.id)) END AS incident
  FROM alerts a LEFT JOIN people p ON p.id = a.person_id LEFT JOIN people s ON s.id = a.assignee_id LEFT JOIN incidents i ON i.id = a.incident_id
    LEFT JOIN alerts t ON t.id = a.merged_into LEFT JOIN applications c ON c.id = a.application_id`;

export type AlertPosition = { at: string; id: string } | undefined;

/** Newest first. */
export async function listAlerts(
  database: DataSource,
  query: AlertQuery,
  after: AlertPosition,
  limit: number,
): Promise<AlertRow[]> {
  const rows = await database.query<StoredRow[]>(
    `${select}
     WHERE ($1 = 'all' OR ($1 = 'open' AND a.${IS_OPEN}) OR ($1 = 'resolved' AND a.status IN ('resolved', 'closed')))
       AND ($2::risk_level IS NULL OR a.severity = $2) AND ($3::text IS NULL OR a.kind = $3) AND ($4::uuid IS NULL OR a.person_id = $4)
       AND ($5::inet IS NULL OR a.ip = $5) AND ($6::uuid IS NULL OR a.application_id = $6)
       AND ($7::timestamptz IS NULL OR a.last_at >= $7) AND ($8::timestamptz IS NULL OR a.first_at < $8)
       AND ($9::timestamptz IS NULL OR (a.raised_at, a.id) < ($9, $10::uuid))
       AND ($12::uuid IS NULL OR a.incident_id = $12) AND (NOT $13 OR (a.merged_into IS NULL AND (i.id IS NULL OR i.lead_id = a.id)))
     ORDER BY a.raised_at DESC, a.id DESC LIMIT $11`,
    [
      query.status,
      query.severity ?? null,
      query.kind ?? null,
      query.person ?? null,
      query.ip ?? null,
      query.application ?? null,
      query.from ?? null,
      query.to ?? null,
      after?.at ?? null,
      after?.id ?? null,
      limit,
      query.incident ?? null,
      query.folded,
    ],
  );
  return withNames(database, rows);
}

export async function readAlert(database: DataSource | EntityManager, id: string): Promise<AlertRow | undefined> {
  const [row] = await readAlertsByIds(database, [id]);
  return row;
}

export async function readAlertsByIds(
  database: DataSource | EntityManager,
  ids: readonly string[],
): Promise<AlertRow[]> {
  if (ids.length === 0) return [];
  return withNames(database, await database.query<StoredRow[]>(`${select} WHERE a.id = ANY($1)`, [ids]));
}

/** The id of an alert by what people call it. */
export async function findByNumber(database: DataSource, number: string): Promise<string | undefined> {
  const [row] = await database.query<{ id: string }[]>('SELECT id FROM alerts WHERE number = $1', [number]);
  return row?.id;
}

/** Ids of all alerts that belong together with one, and of those that were merged into it. */
export async function readParty(database: DataSource, id: string): Promise<{ ids: string[]; merged: string[] }> {
  const rows = await database.query<{ id: string; merged: boolean }[]>(
    `${party} SELECT a.id, a.merged_into IS NOT NULL AS merged FROM party JOIN alerts a USING (id) ORDER BY a.number LIMIT ${PARTY_MAX}`,
    [[id]],
  );
  return { ids: rows.map((row) => row.id), merged: rows.filter(({ merged }) => merged).map((row) => row.id) };
}

const uuidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Evidence names known people by their id, which stays true when they are renamed. */
async function withNames(database: DataSource | EntityManager, rows: StoredRow[]): Promise<AlertRow[]> {
  const values = rows.flatMap((row) => row.evidence.topSubjects.map(({ value }) => value));
  const ids = [...new Set(values)].filter((value) => uuidShape.test(value));
  const people =
    ids.length === 0
      ? []
      : await database.query<{ id: string; name: string }[]>('SELECT id, name FROM people WHERE id = ANY($1::uuid[])', [
          ids,
        ]);
  const names = new Map(people.map(({ id, name }) => [id, name]));
  return rows.map((row) => ({ ...row, names }));
}

/** Attempts shown with an alert, and looked at for its risk; more are a filter away. */
export const EVIDENCE_SHOWN = 50;

export type AlertEventRow = { at: Date; kind: string; by: string | null; note: string | null };

export async function readHistory(database: DataSource, alertId: string): Promise<AlertEventRow[]> {
  return database.query<AlertEventRow[]>(
    'SELECT e.at, e.kind, p.name AS by, e.note FROM alert_events e LEFT JOIN people p ON p.id = e.person_id WHERE e.alert_id = $1 ORDER BY e.id LIMIT 200',
    [alertId],
  );
}

/** Newest evidence first; version 7 ids sort by time. */
export async function evidenceOf(database: DataSource, alertId: string, limit: number): Promise<string[]> {
  const rows = await database.query<{ attempt_id: string }[]>(
    'SELECT attempt_id FROM alert_attempts WHERE alert_id = $1 ORDER BY attempt_id DESC LIMIT $2',
    [alertId, limit],
  );
  return rows.map((row) => row.attempt_id);
}
