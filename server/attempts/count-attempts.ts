import type { PoolClient } from 'pg';
import { addressOf } from '../platform/address.js';
import { type Counted, tallyAttempts } from './domain/tally.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/**
 * Adds to the counts that charts and lists read instead of the attempts themselves. In the transaction that stores the attempts, so
 * that they are exact whatever is killed.
 */
export async function countAttempts(client: PoolClient, scored: readonly Counted[]): Promise<void> {
  if (scored.length === 0) return;
  await countByTime(client, 'hour', scored);
  await countByTime(client, 'minute', scored);
  await addTallies(client, scored);
  await noteLastAttempts(client, scored);
}

const byTime = {
  hour: { step: HOUR_MS, table: 'attempt_hours', type: 'bigint' },
  minute: { step: MINUTE_MS, table: 'attempt_minutes', type: 'integer' },
};

async function countByTime(client: PoolClient, unit: 'hour' | 'minute', scored: readonly Counted[]): Promise<void> {
  const { step, table, type } = byTime[unit];
  const counts = new Map<string, number>();
  for (const { enriched } of scored) {
    const start = enriched.occurredAt - (enriched.occurredAt % step);
    const key = `${enriched.applicationId}/${start}/${enriched.outcome}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // Sorted, so that rows are always locked in one order.
  const rows = [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, count]) => [...key.split('/'), count] as [string, string, string, number]);
  await client.query({
    name: `count-attempts-${unit}`,
    text: `INSERT INTO ${table} AS t (application_id, ${unit}, outcome, attempts)
      SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::attempt_outcome[], $4::${type}[])
      ON CONFLICT (${unit}, application_id, outcome) DO UPDATE SET attempts = t.attempts + excluded.attempts`,
    values: [
      rows.map((row) => row[0]),
      rows.map((row) => isoOf(Number(row[1]))),
      rows.map((row) => row[2]),
      rows.map((row) => row[3]),
    ],
  });
}

async function addTallies(client: PoolClient, scored: readonly Counted[]): Promise<void> {
  const tallies = tallyAttempts(scored);
  await client.query({
    name: 'add-tallies',
    text: `INSERT INTO attempt_tallies AS t (dimension, application_id, outcome, bucket, value, attempts, critical)
      SELECT * FROM unnest($1::text[], $2::uuid[], $3::attempt_outcome[], $4::timestamptz[], $5::text[], $6::integer[], $7::integer[])
      ON CONFLICT (dimension, application_id, outcome, bucket, value)
      DO UPDATE SET attempts = t.attempts + excluded.attempts, critical = t.critical + excluded.critical`,
    values: [
      tallies.map(({ dimension }) => dimension),
      tallies.map(({ applicationId }) => applicationId),
      tallies.map(({ outcome }) => outcome),
      tallies.map(({ bucket }) => isoOf(bucket)),
      tallies.map(({ dimension, value }) => (dimension === 'address' ? asWritten(value) : value)),
      tallies.map(({ attempts }) => attempts),
      tallies.map(({ critical }) => critical),
    ],
  });
}

async function noteLastAttempts(client: PoolClient, scored: readonly Counted[]): Promise<void> {
  const latest = new Map<string, number>();
  for (const { enriched } of scored)
    latest.set(enriched.applicationId, Math.max(latest.get(enriched.applicationId) ?? 0, enriched.occurredAt));
  await client.query({
    name: 'note-last-attempt',
    text: `UPDATE applications a SET last_attempt_at = n.at FROM unnest($1::uuid[], $2::timestamptz[]) AS n (id, at)
      WHERE a.id = n.id AND (a.last_attempt_at IS NULL OR a.last_attempt_at < n.at - interval '1 second')`,
    values: [[...latest.keys()], [...latest.values()].map(isoOf)],
  });
}

/** The shortest spelling of a range, which is the one that filters take: `2001:db8::/64`. */
const asWritten = (addressKey: string): string =>
  addressKey.endsWith('::/64') ? `${addressOf(addressKey.slice(0, -3)).ip}/64` : addressKey;

const isoOf = (ms: number): string => new Date(ms).toISOString();
