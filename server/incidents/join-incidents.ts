import { randomUUID } from 'node:crypto';
import type { PoolClient } from 'pg';
import type { RiskLevel } from '../contracts/detection.js';
import type { Finding } from '../detection/domain/campaigns.js';
import { foundsIncident, groupFindings } from './domain/group-findings.js';
import { growthOf, type Growth, type Member } from './domain/growth.js';
import { addSources, addSubjects, growIncidents } from './store/grow-incidents.js';
import { lockLoneAlerts } from './store/lone-alerts.js';
import { mergeIncidents } from './store/merge-incidents.js';

/** All findings of one cause within a batch: the latest, with what the earlier ones brought. */
export type Cause = Finding & { simulated: boolean };

/** `taken`: alerts of before that were alone and are part of an incident now. */
export type Joined = {
  incidentOf: Map<string, string>;
  moved: string[];
  taken: { alertId: string; incidentId: string }[];
};
type Known = { key: string; id: string; number: string; severity: RiskLevel };

/**
 * Puts findings into incidents inside the scoring transaction: findings that count the same attempts belong to one. A campaign
 * founds an incident, everything else only joins; where a finding links two, the younger becomes part of the older.
 * @returns the incident of each key that has one, and the alerts that changed theirs by a merger
 */
export async function joinIncidents(client: PoolClient, causes: readonly Cause[]): Promise<Joined> {
  const known = await lockKnown(client, causes);
  const numbers = new Map(known.map(({ id, number }) => [id, Number(number)]));
  const before = new Map(known.map(({ key, id }) => [key, id]));
  const byKey = new Map(causes.map((cause) => [cause.dedupKey, cause]));
  const lone = await lockLoneAlerts(client, unknownKeys(causes, before));
  const loneByKey = new Map(lone.map((alert) => [alert.dedupKey, alert]));
  const growths: Growth[] = [];
  const moved: string[] = [];
  for (const group of groupFindings(causes, before)) {
    const members = group.flatMap((key): Member[] => [byKey.get(key) ?? loneByKey.get(key) ?? []].flat());
    const ids = [...new Set(group.flatMap((key) => before.get(key) ?? []))];
    const [oldest, ...younger] = ids.sort((a, b) => (numbers.get(a) ?? 0) - (numbers.get(b) ?? 0));
    if (oldest === undefined && !members.some(({ kind }) => foundsIncident(kind))) continue;
    if (oldest !== undefined) for (const each of younger) moved.push(...(await mergeIncidents(client, oldest, each)));
    growths.push(growthOf(oldest ?? randomUUID(), oldest === undefined, members));
  }
  if (growths.length === 0) return { incidentOf: new Map(), moved, taken: [] };
  const severities = new Map(known.map(({ id, severity }) => [id, severity]));
  await growIncidents(client, growths, severities);
  await addSources(client, growths);
  await addSubjects(client, growths);
  const incidentOf = new Map(growths.flatMap(({ id, keys }) => keys.map((key) => [key, id] as const)));
  const taken = lone.flatMap(({ alertId, dedupKey }) => {
    const incidentId = incidentOf.get(dedupKey);
    return incidentId === undefined ? [] : [{ alertId, incidentId }];
  });
  return { incidentOf, moved, taken };
}

/** Causes that findings join and that neither this batch nor any incident knows. */
function unknownKeys(causes: readonly Cause[], known: ReadonlyMap<string, string>): string[] {
  const own = new Set(causes.map(({ dedupKey }) => dedupKey));
  const others = causes.flatMap(({ joins }) => joins.filter((key) => !own.has(key) && !known.has(key)));
  return [...new Set(others)];
}

/** The incidents that the keys belong to by now, in one order, as their rows get locked. */
async function lockKnown(client: PoolClient, causes: readonly Cause[]): Promise<Known[]> {
  const keys = new Set(causes.flatMap(({ dedupKey, joins }) => [dedupKey, ...joins]));
  const { rows } = await client.query<Known>({
    name: 'lock-incidents',
    text: `SELECT c.dedup_key AS key, i.id, i.number, i.severity FROM incident_causes c JOIN incidents i ON i.id = c.incident_id
      WHERE c.dedup_key = ANY($1) ORDER BY i.number FOR UPDATE OF i`,
    values: [[...keys]],
  });
  return rows;
}
