import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { DataSource } from 'typeorm';
import type { AlertEvidence, AlertKind, AlertView } from '../contracts/alerts.js';
import { type RiskLevel, riskLevels } from '../contracts/detection.js';
import type { CountedAttempt, Finding } from '../detection/domain/campaigns.js';
import { joinIncidents } from '../incidents/join-incidents.js';
import { settleMembers } from '../incidents/settle-members.js';
import { toAlertView } from './alert-view.js';
import { bringsNews } from './domain/brings-news.js';
import { keepQuiet } from './keep-quiet.js';
import { readAlertsByIds } from './store/read-alerts.js';
import { wakeHeld } from './store/wake-held.js';

/** Attempts kept as evidence of one alert; the counts in the alert stay exact beyond it. */
const EVIDENCE_MAX = 200;
/** Alerts about sources that one incident has at most. */
const ALERTS_MAX = 10;
const aboutSources: ReadonlySet<AlertKind> = new Set<AlertKind>([
  'brute-force-source',
  'spray',
  'credential-stuffing',
  'user-enumeration',
]);

/** What became of findings: alerts that are new, alerts that grew or became part of an incident, those of them that are worse now, and the incidents. */
export type Raised = { raised: string[]; grown: string[]; worsened: string[]; incidents: string[] };
const nothing: Raised = { raised: [], grown: [], worsened: [], incidents: [] };

/** `causedAt`: the time of the first of its attempts in this batch, which brought it about where it is new. */
type Gathered = Finding & { attemptIds: string[]; causedAt: number; simulated: boolean };
/** An alert as it stands before a batch; the evidence only of one that is put off. */
type Before = { key: string; severity: RiskLevel; evidence: AlertEvidence | null; held: number };
/** An alert with the finding that it has now, and how it stood before; null where it is new. */
type Stored = { id: string; finding: Gathered; before: Before | null };

/**
 * Turns findings into alerts inside the scoring transaction. Findings of one cause share a key, which is unique: a cause has one
 * alert however often its attempts are judged.
 */
export async function raiseAlerts(
  client: PoolClient,
  findings: readonly (Finding & { simulated: boolean })[],
): Promise<Raised> {
  if (findings.length === 0) return nothing;
  const gathered = await keepQuiet(client, gather(findings));
  if (gathered.length === 0) return nothing;
  const { incidentOf, moved, taken } = await joinIncidents(client, gathered);
  const stored = await upsert(client, await withinRoom(client, gathered, incidentOf));
  await addEvents(client, stored);
  await addEvidence(client, stored);
  const incidents = [...new Set(incidentOf.values())];
  const joined = await settleMembers(
    client,
    incidents,
    stored
      .flatMap(({ id, finding }) => {
        const incidentId = incidentOf.get(finding.dedupKey);
        return incidentId === undefined ? [] : [{ alertId: id, incidentId }];
      })
      .concat(taken),
  );
  const woken = await wakeHeld(client, newsIn(stored, incidentOf, { joined, all: moved.length > 0 ? incidents : [] }));
  const raised = stored.filter(({ before }) => before === null).map(({ id }) => id);
  const changed = new Set([...stored.map(({ id }) => id), ...moved, ...joined, ...woken]);
  for (const id of raised) changed.delete(id);
  const worsened = stored.filter(isWorse).map(({ id }) => id);
  return { raised, grown: [...changed], worsened, incidents };
}

/** Alerts as screens show them, after the commit. */
export async function viewAlerts(database: DataSource, ids: readonly string[]): Promise<AlertView[]> {
  return (await readAlertsByIds(database, ids)).map(toAlertView);
}

/** What must not stay put off: alerts with news, and the incidents that these or further alerts belong to. */
function newsIn(
  stored: readonly Stored[],
  incidentOf: ReadonlyMap<string, string>,
  { joined, all }: { joined: readonly string[]; all: readonly string[] },
): { alerts: string[]; incidents: string[] } {
  const further = new Set(joined);
  const news = stored.filter(
    ({ id, finding, before }) =>
      further.has(id) ||
      (before?.evidence &&
        (rank(finding.severity) > rank(before.severity) || bringsNews(before.evidence, finding.evidence, before.held))),
  );
  const incidents = news.flatMap(({ finding }) => incidentOf.get(finding.dedupKey) ?? []);
  return { alerts: news.map(({ id }) => id), incidents: [...new Set([...all, ...incidents])] };
}

const isWorse = ({ finding, before }: Stored): boolean =>
  before !== null && rank(finding.severity) > rank(before.severity);
const rank = (level: RiskLevel): number => riskLevels.indexOf(level);

/** One entry for each cause, with the latest evidence and all attempts of this batch; in one order, as rows get locked. */
function gather(findings: readonly (Finding & { simulated: boolean })[]): Gathered[] {
  const byKey = new Map<string, Finding & { simulated: boolean }>();
  const brought = new Map<
    string,
    { attemptIds: string[]; causedAt: number; joins: string[]; counted: CountedAttempt[] }
  >();
  for (const finding of findings) {
    byKey.set(finding.dedupKey, finding);
    let all = brought.get(finding.dedupKey);
    if (all === undefined)
      brought.set(finding.dedupKey, (all = { attemptIds: [], causedAt: finding.at, joins: [], counted: [] }));
    all.attemptIds.push(finding.attemptId);
    all.joins.push(...finding.joins);
    all.counted.push(...finding.counted);
  }
  return [...byKey.entries()]
    .map(([key, finding]) => ({ attemptIds: [], causedAt: finding.at, ...finding, ...brought.get(key) }))
    .sort((a, b) => (a.dedupKey < b.dedupKey ? -1 : 1));
}

/**
 * Sources of an incident beyond what one can look through are counted in it and raise no alert of their own: an attack through
 * 5,000 proxies is one thing to look at. Whatever is about a person is always raised.
 */
async function withinRoom(
  client: PoolClient,
  findings: readonly Gathered[],
  incidentOf: ReadonlyMap<string, string>,
): Promise<Gathered[]> {
  const ids = [...new Set(incidentOf.values())];
  if (ids.length === 0) return [...findings];
  const { rows } = await client.query<{ id: string; keys: string[] }>({
    name: 'alerts-of-incidents',
    text: 'SELECT incident_id AS id, array_agg(dedup_key) AS keys FROM alerts WHERE incident_id = ANY($1) GROUP BY incident_id',
    values: [ids],
  });
  const raised = new Map(rows.map(({ id, keys }) => [id, new Set(keys)]));
  return findings.filter(({ dedupKey, kind }) => {
    const incidentId = incidentOf.get(dedupKey);
    if (incidentId === undefined || !aboutSources.has(kind)) return true;
    let keys = raised.get(incidentId);
    if (keys === undefined) raised.set(incidentId, (keys = new Set()));
    if (!keys.has(dedupKey) && keys.size >= ALERTS_MAX) return false;
    keys.add(dedupKey);
    return true;
  });
}

async function upsert(client: PoolClient, findings: readonly Gathered[]): Promise<Stored[]> {
  const keys = findings.map(({ dedupKey }) => dedupKey);
  const { rows: known } = await client.query<Before>({
    name: 'lock-alerts',
    text: `SELECT dedup_key AS key, severity, CASE WHEN status = 'on_hold' THEN evidence END AS evidence, coalesce(held_attempts, 0) AS held
      FROM alerts WHERE dedup_key = ANY($1) ORDER BY dedup_key FOR UPDATE`,
    values: [keys],
  });
  const { rows } = await client.query<{ id: string; key: string }>({
    name: 'raise-alerts',
    text: `INSERT INTO alerts (id, kind, severity, dedup_key, subject, person_id, ip, application_id, score, evidence, first_at, last_at, simulated)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::risk_level[], $4::text[], $5::text[], $6::uuid[], $7::inet[], $8::uuid[], $9::smallint[],
        $10::jsonb[], $11::timestamptz[], $12::timestamptz[], $13::boolean[])
      ON CONFLICT (dedup_key) DO UPDATE SET kind = CASE WHEN alerts.kind = 'failures-from-unfamiliar-place' THEN excluded.kind ELSE alerts.kind END,
        severity = greatest(alerts.severity, excluded.severity), score = greatest(alerts.score, excluded.score),
        evidence = CASE WHEN (excluded.evidence->>'attempts')::int >= (alerts.evidence->>'attempts')::int THEN excluded.evidence ELSE alerts.evidence END,
        ip = excluded.ip, person_id = excluded.person_id, subject = excluded.subject,
        first_at = least(alerts.first_at, excluded.first_at), last_at = greatest(alerts.last_at, excluded.last_at)
      RETURNING id, dedup_key AS key`,
    values: [
      findings.map(() => randomUUID()),
      findings.map(({ kind }) => kind),
      findings.map(({ severity }) => severity),
      keys,
      findings.map(({ subject }) => subject),
      findings.map(({ personId }) => personId),
      findings.map(({ ip }) => ip),
      findings.map(({ applicationId }) => applicationId),
      findings.map(({ score }) => score),
      findings.map(({ evidence }) => JSON.stringify(evidence)),
      findings.map(({ firstAt }) => instant(firstAt)),
      findings.map(({ at }) => instant(at)),
      findings.map(({ simulated }) => simulated),
    ],
  });
  const before = new Map(known.map((one) => [one.key, one]));
  const ids = new Map(rows.map(({ id, key }) => [key, id]));
  return findings.map((finding) => {
    const id = ids.get(finding.dedupKey);
    if (id === undefined) throw new Error('An alert was neither raised nor found.');
    return { id, finding, before: before.get(finding.dedupKey) ?? null };
  });
}

/** The history of each alert, by the time of the attempt that brought it about. */
async function addEvents(client: PoolClient, stored: readonly Stored[]): Promise<void> {
  const changed = stored.filter((each) => each.before === null || isWorse(each));
  if (changed.length === 0) return;
  await client.query(
    `INSERT INTO alert_events (alert_id, kind, note, at) SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[])`,
    [
      changed.map(({ id }) => id),
      changed.map(({ before }) => (before === null ? 'raised' : 'severity_raised')),
      changed.map(({ finding, before }) => (before === null ? null : `${before.severity} → ${finding.severity}`)),
      changed.map(({ finding, before }) => instant(before === null ? finding.causedAt : finding.at)),
    ],
  );
}

async function addEvidence(client: PoolClient, stored: readonly Stored[]): Promise<void> {
  const pairs = stored.flatMap(({ id, finding }) =>
    finding.attemptIds.slice(0, EVIDENCE_MAX).map((attemptId) => ({ id, attemptId })),
  );
  await client.query({
    name: 'add-evidence',
    text: `WITH kept AS (SELECT alert_id, count(*) AS attempts FROM alert_attempts WHERE alert_id = ANY($1) GROUP BY alert_id),
      given AS (SELECT *, row_number() OVER (PARTITION BY alert_id) AS number FROM unnest($2::uuid[], $3::uuid[]) AS given (alert_id, attempt_id))
      INSERT INTO alert_attempts (alert_id, attempt_id)
      SELECT alert_id, attempt_id FROM given LEFT JOIN kept USING (alert_id) WHERE coalesce(attempts, 0) + number <= $4
      ON CONFLICT DO NOTHING`,
    values: [
      stored.map(({ id }) => id),
      pairs.map(({ id }) => id),
      pairs.map(({ attemptId }) => attemptId),
      EVIDENCE_MAX,
    ],
  });
}

/** @param at milliseconds since 1970 */
const instant = (at: number): string => new Date(at).toISOString();
