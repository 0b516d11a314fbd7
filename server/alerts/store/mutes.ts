import type { PoolClient } from 'pg';
import type { EntityManager } from 'typeorm';
import type { AlertEvidence, AlertKind } from '../../contracts/alerts.js';
import type { Queryable } from '../../platform/database/data-source.js';
import type { MuteScope } from '../domain/mute-scope.js';

export type MuteRow = {
  id: string;
  kind: AlertKind;
  person_id: string;
  person_name: string;
  sources: string[];
  reason: string;
  by: string | null;
  alert_id: string | null;
  alert_number: string | null;
  created_at: Date;
  until: Date;
  kept_quiet: number;
  last_at: Date | null;
  position: string;
};

const select = `
  SELECT m.id, m.kind, m.person_id, p.name AS person_name, m.sources, m.reason, b.name AS by, m.alert_id, a.number AS alert_number, m.created_at, m.until,
    m.kept_quiet, m.last_at, m.created_at::text AS position
  FROM alert_mutes m JOIN people p ON p.id = m.person_id LEFT JOIN people b ON b.id = m.by_id LEFT JOIN alerts a ON a.id = m.alert_id`;

/** Those in force, newest first. */
export function listMutes(
  database: Queryable,
  { person, after, limit }: { person: string | null; after: { at: string; id: string } | undefined; limit: number },
): Promise<MuteRow[]> {
  return database.query<MuteRow[]>(
    `${select} WHERE m.until > now() AND ($1::uuid IS NULL OR m.person_id = $1)
       AND ($2::timestamptz IS NULL OR (m.created_at, m.id) < ($2, $3::uuid)) ORDER BY m.created_at DESC, m.id DESC LIMIT $4`,
    [person, after?.at ?? null, after?.id ?? null, limit],
  );
}

/** What a mute can be made from: evidence, and the person, or the only account that was tried. */
export async function readMutable(
  tx: EntityManager,
  alertId: string,
): Promise<{ personId: string; person: string; kind: AlertKind; evidence: AlertEvidence } | undefined> {
  const [row] = await tx.query<{ personId: string; person: string; kind: AlertKind; evidence: AlertEvidence }[]>(
    `SELECT p.id AS "personId", p.name AS person, a.kind, a.evidence FROM alerts a JOIN people p
       ON p.id::text = coalesce(a.person_id::text, CASE WHEN (a.evidence->>'subjects')::int = 1 THEN a.evidence->'topSubjects'->0->>'value' END) WHERE a.id = $1`,
    [alertId],
  );
  return row;
}

export async function insertMute(
  tx: EntityManager,
  mute: MuteScope & {
    id: string;
    personId: string;
    kind: AlertKind;
    reason: string;
    alertId: string;
    by: string;
    days: number;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO alert_mutes (id, person_id, kind, asns, addresses, sources, reason, alert_id, by_id, until)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + make_interval(days => $10))`,
    [
      ...[mute.id, mute.personId, mute.kind, mute.asns, mute.addresses, mute.sources, mute.reason, mute.alertId],
      ...[mute.by, mute.days],
    ],
  );
}

export async function deleteMute(
  tx: EntityManager,
  id: string,
): Promise<{ personId: string; kind: AlertKind; sources: string[]; alertId: string | null } | undefined> {
  const [rows] = await tx.query<
    [{ personId: string; kind: AlertKind; sources: string[]; alertId: string | null }[], number]
  >('DELETE FROM alert_mutes WHERE id = $1 RETURNING person_id AS "personId", kind, sources, alert_id AS "alertId"', [
    id,
  ]);
  return rows[0];
}

export type ActiveMute = { id: string; personId: string; kind: AlertKind; asns: number[]; addresses: string[] };

/** The mutes in force for these people, as the scoring transaction heeds them. */
export async function activeMutes(client: PoolClient, personIds: readonly string[]): Promise<ActiveMute[]> {
  const { rows } = await client.query<{
    id: string;
    person_id: string;
    kind: AlertKind;
    asns: string[];
    addresses: string[];
  }>({
    name: 'active-mutes',
    text: 'SELECT id, person_id, kind, asns, addresses::text[] FROM alert_mutes WHERE person_id = ANY($1) AND until > now()',
    values: [personIds],
  });
  return rows.map((row) => ({
    id: row.id,
    personId: row.person_id,
    kind: row.kind,
    asns: row.asns.map(Number),
    addresses: row.addresses.map((address) => address.replace(/\/\d+$/, '')),
  }));
}

/** Counts what was kept quiet. */
export async function noteQuiet(client: PoolClient, ids: readonly string[]): Promise<void> {
  await client.query({
    name: 'note-quiet',
    text: `UPDATE alert_mutes m SET kept_quiet = m.kept_quiet + q.times, last_at = now()
      FROM (SELECT id, count(*)::int AS times FROM unnest($1::uuid[]) AS id GROUP BY id) q WHERE m.id = q.id`,
    values: [ids],
  });
}
