import type { PoolClient } from 'pg';
import type { CountedAttempt } from '../../detection/domain/campaigns.js';
import type { Member } from '../domain/growth.js';

/** An alert that is part of no incident, as one counts it that takes it in. */
export type LoneAlert = Member & { alertId: string };

/**
 * Alerts of these causes that belong to no incident, with the attempts that they count; locked until the commit. Only such as are
 * about a few sign-ins are ever alone, so all their attempts are kept as evidence.
 */
export async function lockLoneAlerts(client: PoolClient, keys: readonly string[]): Promise<LoneAlert[]> {
  if (keys.length === 0) return [];
  const { rows } = await client.query<LoneAlert>({
    name: 'lock-lone-alerts',
    text: `SELECT a.id AS "alertId", a.dedup_key AS "dedupKey", a.kind, a.severity, ${ms('a.first_at')} AS "firstAt", ${ms('a.last_at')} AS at, a.simulated
      FROM alerts a WHERE a.dedup_key = ANY($1) AND a.incident_id IS NULL ORDER BY a.dedup_key FOR UPDATE`,
    values: [keys],
  });
  const counted = await readCounted(
    client,
    rows.map(({ alertId }) => alertId),
  );
  return rows.map((row) => ({ ...row, counted: counted.filter(({ alertId }) => alertId === row.alertId) }));
}

async function readCounted(
  client: PoolClient,
  alertIds: readonly string[],
): Promise<(CountedAttempt & { alertId: string })[]> {
  if (alertIds.length === 0) return [];
  const { rows } = await client.query<CountedAttempt & { alertId: string }>({
    name: 'count-lone-alerts',
    text: `SELECT a.id AS "alertId", ${ms('t.occurred_at')} AS at, t.outcome IN ('failure', 'blocked') AS failed, t.outcome = 'success' AS "gotIn",
        coalesce(t.person_id::text, t.subject) AS subject, host(t.ip) AS ip, t.asn::float AS asn, t.organisation, t.country
      FROM alerts a JOIN alert_attempts l ON l.alert_id = a.id JOIN attempts t ON t.id = l.attempt_id AND t.occurred_at BETWEEN a.first_at AND a.last_at
      WHERE a.id = ANY($1) ORDER BY t.occurred_at`,
    values: [alertIds],
  });
  return rows;
}

const ms = (column: string): string => `(extract(epoch FROM ${column}) * 1000)::float`;
