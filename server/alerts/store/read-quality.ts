import type { AlertKind } from '../../contracts/alerts.js';
import type { Queryable } from '../../platform/database/data-source.js';

export type RuleRow = {
  /** Null: of all kinds together. */
  kind: AlertKind | null;
  alerts: number;
  answered: number;
  real: number;
  falseAlarms: number;
  harmless: number;
  meanMinutes: number | null;
  medianMinutes: number | null;
};

/** What each rule raised in the last days with the verdicts, and one row of all; an alert is answered by the first thing a person does about it. */
export function readRules(database: Queryable, days: number): Promise<RuleRow[]> {
  return database.query<RuleRow[]>(
    `SELECT a.kind, count(*)::int AS alerts, count(f.minutes)::int AS answered,
       count(*) FILTER (WHERE a.verdict = 'true_positive')::int AS real, count(*) FILTER (WHERE a.verdict = 'false_positive')::int AS "falseAlarms",
       count(*) FILTER (WHERE a.verdict = 'benign')::int AS harmless, avg(f.minutes)::float AS "meanMinutes",
       percentile_cont(0.5) WITHIN GROUP (ORDER BY f.minutes) AS "medianMinutes"
     FROM alerts a LEFT JOIN LATERAL (
       SELECT greatest(0, extract(epoch FROM min(e.at) - a.raised_at) / 60)::float AS minutes FROM alert_events e
       WHERE e.alert_id = a.id AND e.person_id IS NOT NULL
         AND e.kind IN ('taken', 'assigned', 'held', 'resolved', 'contained', 'asked', 'merged', 'expected', 'not_expected')) f ON true
     WHERE a.raised_at > now() - make_interval(days => $1) GROUP BY GROUPING SETS ((a.kind), ()) ORDER BY alerts DESC, a.kind`,
    [days],
  );
}

/** Attempts of the last days, from the counts by hour. */
export async function countAttempts(database: Queryable, days: number): Promise<number> {
  const [row] = await database.query<{ attempts: string }[]>(
    'SELECT coalesce(sum(attempts), 0) AS attempts FROM attempt_hours WHERE hour > now() - make_interval(days => $1)',
    [days],
  );
  return Number(row?.attempts ?? 0);
}
