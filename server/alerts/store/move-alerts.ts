import type { EntityManager } from 'typeorm';
import type { AlertKind, AlertStatus, Hold, Verdict } from '../../contracts/alerts.js';
import type { RiskLevel } from '../../contracts/detection.js';
import { party } from './party.js';

export type MovingAlert = {
  id: string;
  number: string;
  kind: AlertKind;
  severity: RiskLevel;
  status: AlertStatus;
  personId: string | null;
  incidentId: string | null;
  mergedInto: string | null;
  resolvedAt: string | null;
};

/** Alerts that are to be changed, with all that move with them. */
export type Party = { alert: MovingAlert; ids: string[] };

/** Locks an alert with its party. */
export async function lockForChange(tx: EntityManager, id: string): Promise<Party | undefined> {
  const rows = await lockAll(tx, [id]);
  const alert = rows.find((row) => row.id === id);
  return alert && { alert, ids: rows.map((row) => row.id) };
}

/**
 * Locks alerts with their parties. All incidents first and in order of their numbers, as the scoring transaction locks them before
 * their alerts, then the alerts in the order in which that one locks them.
 */
export async function lockAll(tx: EntityManager, ids: readonly string[]): Promise<MovingAlert[]> {
  await tx.query(
    `SELECT FROM incidents WHERE id IN (${party} SELECT a.incident_id FROM party JOIN alerts a USING (id)) ORDER BY number FOR UPDATE`,
    [ids],
  );
  return tx.query<MovingAlert[]>(
    `SELECT id, 'A-' || number AS number, kind, severity, status, person_id AS "personId", incident_id AS "incidentId", merged_into AS "mergedInto",
       resolved_at::text AS "resolvedAt"
     FROM alerts WHERE id IN (${party} SELECT id FROM party) ORDER BY dedup_key FOR UPDATE`,
    [ids],
  );
}
export type Move = {
  to: AlertStatus;
  event: string;
  verdict: Verdict | null;
  note: string | null;
  /** Null: Gatehouse itself. */
  by: string | null;
  assignee: string | null;
};

/**
 * Moves an alert, and with it those of its party that stand where it stands: an earlier verdict on one of them remains.
 * @returns the ids of all that were moved
 */
export async function moveAlerts(tx: EntityManager, { alert, ids: all }: Party, move: Move): Promise<string[]> {
  const [moved] = await tx.query<[{ id: string }[], number]>(
    `UPDATE alerts SET status = $2, verdict = $3, assignee_id = $4, held_until = NULL, held_attempts = NULL,
       resolved_at = CASE WHEN $2 = 'closed' THEN resolved_at WHEN $2 = 'resolved' THEN now() END
     WHERE id = $1 OR (id = ANY($5) AND (status NOT IN ('resolved', 'closed') AND $6::timestamptz IS NULL OR resolved_at = $6)) RETURNING id`,
    [alert.id, move.to, move.verdict, move.assignee, all, alert.resolvedAt],
  );
  const ids = moved.map(({ id }) => id);
  await addEvents(tx, ids, move);
  return ids;
}

/** The end of each way of putting off, by the clock of the database; `$2` is the zone of who asks. */
const ends: Record<Hold, string> = {
  hour: `now() + interval '1 hour'`,
  tomorrow: `(date_trunc('day', now() AT TIME ZONE $2) + interval '1 day 9 hours') AT TIME ZONE $2`,
  next_week: `(date_trunc('week', now() AT TIME ZONE $2) + interval '7 days 9 hours') AT TIME ZONE $2`,
};

/** Puts off what is open of a party. @returns the ids of all that were put off */
export async function holdAlerts(
  tx: EntityManager,
  { ids: all }: Party,
  hold: { until: Hold; timeZone: string; note: string | null; by: string },
): Promise<string[]> {
  const [held] = await tx.query<[{ id: string; until: Date }[], number]>(
    `UPDATE alerts SET status = 'on_hold', held_until = ${ends[hold.until]}, held_attempts = (evidence->>'attempts')::int, assignee_id = coalesce(assignee_id, $3)
     WHERE id = ANY($1) AND status NOT IN ('resolved', 'closed') AND $2::text IS NOT NULL RETURNING id, held_until AS until`,
    [all, hold.timeZone, hold.by],
  );
  const ids = held.map(({ id }) => id);
  await addEvents(tx, ids, { event: 'held', by: hold.by, note: hold.note });
  return ids;
}

/** One line in the history of each of these alerts. */
export async function addEvents(
  tx: EntityManager,
  ids: readonly string[],
  { event, by, note }: { event: string; by: string | null; note: string | null },
): Promise<void> {
  await tx.query('INSERT INTO alert_events (alert_id, kind, person_id, note) SELECT unnest($1::uuid[]), $2, $3, $4', [
    ids,
    event,
    by,
    note,
  ]);
}

/** What was last decided about an alert, for whoever came a moment too late. */
export async function lastDecision(
  tx: EntityManager,
  alertId: string,
): Promise<{ kind: string; by: string | null; seconds: number } | undefined> {
  const [last] = await tx.query<{ kind: string; by: string | null; seconds: number }[]>(
    `SELECT e.kind, p.name AS by, extract(epoch FROM now() - e.at)::int AS seconds FROM alert_events e LEFT JOIN people p ON p.id = e.person_id
     WHERE e.alert_id = $1 AND e.kind IN ('taken', 'assigned', 'held', 'returned', 'resolved', 'closed', 'reopened', 'contained') ORDER BY e.id DESC LIMIT 1`,
    [alertId],
  );
  return last;
}
