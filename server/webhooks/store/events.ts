import type { RiskLevel } from '../../contracts/detection.js';
import type { EndReason } from '../../contracts/sessions.js';
import type { WebhookEvent } from '../../contracts/webhooks.js';
import type { Queryable } from '../../platform/database/data-source.js';
import type { TargetRow } from './target.js';

/** How long it can be made up for that no worker ran, in days; what is older is not told any more. */
const LOOK_BACK_DAYS = 3;

/** Something that happened and isn't in the outbox yet; `id` is of the alert, incident or revocation. */
export type FoundEvent = { type: WebhookEvent; id: string; severity: RiskLevel | null; at: Date; key: string };

/**
 * What the target is to be told and was not: told is what has a row in the outbox. Comparing states instead of writing with each change
 * costs the scoring lane nothing, and misses nothing, whichever way an alert was raised or closed.
 */
export async function findEvents(
  tx: Queryable,
  { events, severity, since }: TargetRow,
  limit: number,
): Promise<FoundEvent[]> {
  return tx.query<FoundEvent[]>(
    `WITH since AS (SELECT greatest($3::timestamptz, now() - interval '${LOOK_BACK_DAYS} days') AS at)
     SELECT type, id, severity, at, 'webhook:' || type || ':' || key AS key FROM (
       SELECT 'alert.raised' AS type, a.id, a.severity, a.raised_at AS at, a.id::text AS key FROM alerts a, since
         WHERE a.raised_at > since.at AND a.severity >= $2 AND NOT a.simulated
       UNION ALL SELECT 'alert.escalated', a.id, a.severity, now(), a.id || ':' || a.severity
         FROM since, alerts a JOIN notifications n ON n.dedup_key = 'webhook:alert.raised:' || a.id AND n.person_id IS NULL
         WHERE a.raised_at > since.at AND a.severity > (n.payload->'data'->>'severity')::risk_level
       UNION ALL SELECT 'alert.resolved', a.id, a.severity, a.resolved_at, a.id || ':' || extract(epoch FROM a.resolved_at)
         FROM alerts a, since WHERE a.resolved_at > since.at AND a.status = 'resolved' AND a.severity >= $2 AND NOT a.simulated
       UNION ALL SELECT 'incident.opened', i.id, i.severity, i.opened_at, i.id::text FROM incidents i, since
         WHERE i.opened_at > since.at AND i.severity >= $2 AND NOT i.simulated
       UNION ALL SELECT 'incident.resolved', i.id, i.severity, l.resolved_at, i.id || ':' || extract(epoch FROM l.resolved_at)
         FROM since, alerts l JOIN incidents i ON i.lead_id = l.id
         WHERE l.resolved_at > since.at AND l.status = 'resolved' AND i.severity >= $2 AND NOT i.simulated
       UNION ALL SELECT 'session.revoked', r.id, NULL, r.revoked_at, r.id::text FROM revocations r, since
         WHERE r.revoked_at > since.at AND EXISTS (SELECT FROM sessions s JOIN people p ON p.id = s.person_id WHERE s.revocation_id = r.id AND NOT p.simulated AND s.end_reason NOT IN ('signed_out', 'idle', 'expired'))
     ) e WHERE type = ANY($1) AND NOT EXISTS
       (SELECT FROM notifications n WHERE n.dedup_key = 'webhook:' || e.type || ':' || e.key AND n.person_id IS NULL)
     ORDER BY at, id LIMIT $4`,
    [events, severity, since, limit],
  );
}

export type RevocationRow = {
  id: string;
  by: string;
  reason: string | null;
  endReason: EndReason;
  sessions: number;
  people: { id: string; name: string }[];
};

export async function readRevocations(database: Queryable, ids: readonly string[]): Promise<RevocationRow[]> {
  return database.query<RevocationRow[]>(
    `SELECT r.id, r.by_name AS by, r.reason, min(s.end_reason) AS "endReason", count(*)::int AS sessions,
       (SELECT json_agg(json_build_object('id', p.id, 'name', p.name)) FROM
         (SELECT DISTINCT p.id, p.name FROM sessions t JOIN people p ON p.id = t.person_id WHERE t.revocation_id = r.id ORDER BY p.name LIMIT 10) p) AS people
     FROM revocations r JOIN sessions s ON s.revocation_id = r.id WHERE r.id = ANY($1) GROUP BY r.id`,
    [ids],
  );
}
