import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { AlertView } from '../contracts/alerts.js';
import { type RiskLevel, riskLevels } from '../contracts/detection.js';
import type { Finding } from '../detection/domain/campaigns.js';
import { toAlertView } from './alert-view.js';
import { readAlertsByIds } from './store/read-alerts.js';

/** Attempts kept as evidence of one alert; the counts in the alert stay exact beyond it. */
const EVIDENCE_MAX = 200;

/** What became of findings: alerts that are new, and alerts that grew. */
export type Raised = { raised: string[]; grown: string[] };

type Gathered = Finding & { attemptIds: string[]; simulated: boolean };
type Stored = { id: string; severity: RiskLevel; fresh: boolean };

/**
 * Turns findings into alerts inside the scoring transaction. Findings of one cause share a key, which is unique: a cause has one
 * alert however often its attempts are judged.
 */
export async function raiseAlerts(
  client: PoolClient,
  findings: readonly (Finding & { simulated: boolean })[],
): Promise<Raised> {
  const raised: Raised = { raised: [], grown: [] };
  for (const finding of gather(findings)) {
    const stored = await upsert(client, finding);
    if (stored.fresh) await event(client, stored.id, 'raised', null, finding.at);
    else if (rank(finding.severity) > rank(stored.severity))
      await event(client, stored.id, 'severity_raised', `${stored.severity} → ${finding.severity}`, finding.at);
    await addEvidence(client, stored.id, finding.attemptIds);
    (stored.fresh ? raised.raised : raised.grown).push(stored.id);
  }
  return raised;
}

/** Alerts as screens show them, after the commit. */
export async function viewAlerts(database: DataSource, ids: readonly string[]): Promise<AlertView[]> {
  return (await readAlertsByIds(database, ids)).map(toAlertView);
}

const rank = (level: RiskLevel): number => riskLevels.indexOf(level);

/** One entry for each cause, with the latest evidence and all attempts of this batch; in one order, as rows get locked. */
function gather(findings: readonly (Finding & { simulated: boolean })[]): Gathered[] {
  const byKey = new Map<string, Gathered>();
  for (const finding of findings) {
    const known = byKey.get(finding.dedupKey);
    byKey.set(finding.dedupKey, { ...finding, attemptIds: [...(known?.attemptIds ?? []), finding.attemptId] });
  }
  return [...byKey.values()].sort((a, b) => (a.dedupKey < b.dedupKey ? -1 : 1));
}

async function upsert(client: PoolClient, finding: Gathered): Promise<Stored> {
  const at = new Date(finding.at).toISOString();
  const { rows: known } = await client.query<Stored>(
    'SELECT id, severity, false AS fresh FROM alerts WHERE dedup_key = $1 FOR UPDATE',
    [finding.dedupKey],
  );
  const { rows } = await client.query<{ id: string }>({
    name: 'raise-alert',
    text: `INSERT INTO alerts (id, kind, severity, dedup_key, subject, person_id, ip, application_id, score, evidence, first_at, last_at, simulated)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $13, $11, $12)
      ON CONFLICT (dedup_key) DO UPDATE SET severity = greatest(alerts.severity, excluded.severity), score = greatest(alerts.score, excluded.score),
        evidence = CASE WHEN (excluded.evidence->>'attempts')::int >= (alerts.evidence->>'attempts')::int THEN excluded.evidence ELSE alerts.evidence END,
        ip = excluded.ip, person_id = excluded.person_id, subject = excluded.subject,
        first_at = least(alerts.first_at, excluded.first_at), last_at = greatest(alerts.last_at, excluded.last_at)
      RETURNING id`,
    values: [
      randomUUID(),
      finding.kind,
      finding.severity,
      finding.dedupKey,
      finding.subject,
      finding.personId,
      finding.ip,
      finding.applicationId,
      finding.score,
      JSON.stringify(finding.evidence),
      at,
      finding.simulated,
      new Date(finding.firstAt).toISOString(),
    ],
  });
  const id = rows[0]?.id;
  if (id === undefined) throw new Error('An alert was neither raised nor found.');
  return known[0] ?? { id, severity: finding.severity, fresh: true };
}

/** @param at when the attempt that brought it about was made, in milliseconds */
async function event(
  client: PoolClient,
  alertId: string,
  kind: 'raised' | 'severity_raised',
  note: string | null,
  at: number,
): Promise<void> {
  await client.query('INSERT INTO alert_events (alert_id, kind, note, at) VALUES ($1, $2, $3, $4)', [
    alertId,
    kind,
    note,
    new Date(at).toISOString(),
  ]);
}

async function addEvidence(client: PoolClient, alertId: string, attemptIds: readonly string[]): Promise<void> {
  await client.query(
    `INSERT INTO alert_attempts (alert_id, attempt_id) SELECT $1, id FROM unnest($2::uuid[]) AS id
     LIMIT greatest(0, $3 - (SELECT count(*) FROM alert_attempts WHERE alert_id = $1)) ON CONFLICT DO NOTHING`,
    [alertId, attemptIds, EVIDENCE_MAX],
  );
}
