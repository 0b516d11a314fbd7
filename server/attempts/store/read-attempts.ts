import type { DataSource } from 'typeorm';
import { type AttemptFilter, NO_COUNTRY, NO_NETWORK, type Outcome } from '../../contracts/attempts.js';
import type { DeviceClass, NetworkKind, RiskLevel, Signal } from '../../contracts/detection.js';
import { instantOf } from '../../platform/clock.js';

export type AttemptRecord = {
  id: string;
  occurred_at: Date;
  received_at: Date;
  application_id: string;
  application_name: string;
  person_id: string | null;
  person_name: string | null;
  subject: string;
  outcome: Outcome;
  reason: string | null;
  ip: string;
  asn: string | null;
  organisation: string | null;
  network_kind: NetworkKind;
  country: string | null;
  region: string | null;
  city: string | null;
  latitude: number | null;
  longitude: number | null;
  accuracy_km: number | null;
  device: DeviceClass;
  os: string | null;
  browser: string | null;
  user_agent: string | null;
  factor: string | null;
  device_id: string | null;
  session_id: string | null;
  correlation_id: string | null;
  attributes: Record<string, string | number | boolean | null> | null;
  score: number;
  level: RiskLevel;
  signals: Signal[] | null;
  missing: string[] | null;
  policy_version: number;
  simulated: boolean;
};

const columns = `
  t.id, t.occurred_at, t.received_at, t.application_id, coalesce(a.name, 'Removed application') AS application_name, t.person_id, p.name AS person_name,
  t.subject, t.outcome, t.reason, host(t.ip) AS ip, t.asn, t.organisation, t.network_kind, t.country, t.region, t.city, t.latitude, t.longitude,
  t.accuracy_km, t.device, t.os, t.browser, t.user_agent, t.factor, t.device_id, t.session_id, t.correlation_id, t.attributes, t.score, t.level,
  t.signals, t.missing, t.policy_version, t.simulated`;
const joins = 'LEFT JOIN applications a ON a.id = t.application_id LEFT JOIN people p ON p.id = t.person_id';

/** What a list is narrowed by, after names are resolved: `subject` alone means somebody who is nobody we know. */
export type ResolvedFilter = AttemptFilter & { allSubjects?: boolean };

/** Attempts, newest first, that come after a position; `limit` is the caller's page and one more. */
export async function listAttempts(
  database: DataSource,
  filter: ResolvedFilter,
  after: { at: string; id: string } | undefined,
  limit: number,
): Promise<AttemptRecord[]> {
  const { where, values } = conditions(filter);
  if (after) {
    values.push(after.at, after.id);
    where.push(`(t.occurred_at, t.id) < ($${values.length - 1}::timestamptz, $${values.length}::uuid)`);
  }
  values.push(limit);
  return database.query<AttemptRecord[]>(
    `SELECT ${columns} FROM (SELECT * FROM attempts t ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''}
       ORDER BY t.occurred_at DESC, t.id DESC LIMIT $${values.length}) t ${joins} ORDER BY t.occurred_at DESC, t.id DESC`,
    values,
  );
}

/** How many attempts have each outcome; outcomes nobody had are left out. */
export async function countByOutcome(
  database: DataSource,
  filter: ResolvedFilter,
): Promise<{ outcome: Outcome; count: number }[]> {
  const { where, values } = conditions(filter);
  return database.query<{ outcome: Outcome; count: number }[]>(
    `SELECT t.outcome, count(*)::int AS count FROM attempts t WHERE ${where.join(' AND ')} GROUP BY t.outcome`,
    values,
  );
}

/** One attempt. Its id holds its time to the millisecond, which names the partition. */
export async function readAttempt(database: DataSource, id: string): Promise<AttemptRecord | undefined> {
  const [row] = await database.query<AttemptRecord[]>(
    `SELECT ${columns} FROM attempts t ${joins} WHERE t.occurred_at = $1 AND t.id = $2`,
    [new Date(instantOf(id)), id],
  );
  return row;
}

/** Several attempts by id, newest first. */
export async function readAttempts(database: DataSource, ids: readonly string[]): Promise<AttemptRecord[]> {
  if (ids.length === 0) return [];
  const times = ids.map((id) => new Date(instantOf(id)));
  return database.query<AttemptRecord[]>(
    `SELECT ${columns} FROM attempts t ${joins} WHERE t.occurred_at = ANY($1::timestamptz[]) AND t.id = ANY($2::uuid[]) ORDER BY t.occurred_at DESC, t.id DESC`,
    [times, ids],
  );
}

export type Condition = { where: string[]; values: unknown[] };

/** Each filter becomes a condition that its index serves; see the EXPLAIN test. */
export function conditions(filter: ResolvedFilter): Condition {
  const where: string[] = [];
  const values: unknown[] = [];
  const add = (condition: (position: string) => string, value: unknown): void => {
    if (value === undefined) return;
    values.push(value);
    where.push(condition(`$${values.length}`));
  };
  add((at) => `t.person_id = ${at}::uuid`, filter.person);
  if (filter.subject !== undefined && filter.person === undefined && filter.allSubjects !== true)
    where.push('t.person_id IS NULL');
  add((at) => `t.subject = ${at}`, filter.subject);
  add((at) => `t.ip = ${at}::inet`, filter.ip);
  addRange(add, filter.cidr);
  if (filter.asn === NO_NETWORK) where.push('t.asn IS NULL');
  else add((at) => `t.asn = ${at}`, filter.asn);
  if (filter.country === NO_COUNTRY) where.push('t.country IS NULL');
  else add((at) => `t.country = ${at}`, filter.country);
  add((at) => `t.outcome = ${at}::attempt_outcome`, filter.outcome);
  add((at) => `t.reason = ${at}`, filter.reason);
  add((at) => `t.application_id = ${at}::uuid`, filter.application);
  if (filter.riskMin !== undefined && filter.riskMin >= 60) where.push('t.score >= 60');
  add((at) => `t.score >= ${at}`, filter.riskMin);
  add((at) => `t.score <= ${at}`, filter.riskMax);
  add((at) => `t.occurred_at >= ${at}::timestamptz`, filter.from);
  add((at) => `t.occurred_at < ${at}::timestamptz`, filter.to);
  return { where, values };
}

/** A range of addresses as two bounds, so that the ordinary index on `ip` serves it. */
function addRange(
  add: (condition: (position: string) => string, value: unknown) => void,
  cidr: string | undefined,
): void {
  add((at) => `t.ip >= host(network(${at}::inet))::inet`, cidr);
  add((at) => `t.ip <= host(broadcast(${at}::inet))::inet`, cidr);
}
