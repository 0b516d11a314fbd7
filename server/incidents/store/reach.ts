import type { Queryable } from '../../platform/database/data-source.js';

/** Kinds that say by themselves that somebody else has, or may have, the way into the account of their person. */
const PERSONAL = `('suspicious-sign-in', 'disowned-sign-in', 'revoked-session-used', 'factor-fatigue', 'break-glass', 'trusted-device-copied')`;

/** Whom somebody got into, by these alerts (`$1`) and the incidents that they belong to. */
const inside = `
  SELECT person_id AS id FROM alerts WHERE id = ANY($1::uuid[]) AND kind IN ${PERSONAL} AND person_id IS NOT NULL
  UNION SELECT p.id FROM alerts a JOIN incident_subjects s ON s.incident_id = a.incident_id JOIN people p ON p.id::text = s.subject
    WHERE a.id = ANY($1::uuid[]) AND s.got_in_at IS NOT NULL
  UNION SELECT p.id FROM alerts a, jsonb_array_elements(a.evidence->'topSubjects') t JOIN people p ON p.id::text = t->>'value'
    WHERE a.id = ANY($1::uuid[]) AND (t->>'gotIn')::boolean`;

/**
 * Where these alerts (`$1`) come from, the busiest first. Of a session that was used after its end only the place of that use: the
 * other one is its owner's. Of a personal alert with nothing failed the address that got in.
 */
export const sourcesOf = `
  SELECT ip, sum(tries)::bigint AS tries FROM (
    SELECT s.ip, s.attempts AS tries FROM alerts a JOIN incident_sources s ON s.incident_id = a.incident_id WHERE a.id = ANY($1::uuid[]) AND s.failures > 0
    UNION ALL SELECT a.ip, 1 FROM alerts a WHERE a.id = ANY($1::uuid[]) AND a.ip IS NOT NULL AND a.kind <> 'quarantined-attempt'
    UNION ALL SELECT (t->>'value')::inet, (t->>'count')::bigint FROM alerts a, jsonb_array_elements(a.evidence->'topAddresses') t
      WHERE a.id = ANY($1::uuid[]) AND a.kind NOT IN ('revoked-session-used', 'quarantined-attempt')
  ) each GROUP BY ip`;

/** Whom an alert is about, which may be the only one who was tried, and whom somebody got into by it; no invented people. */
export async function readConcerned(database: Queryable, alertId: string, limit: number): Promise<string[]> {
  const rows = await database.query<{ id: string }[]>(
    `SELECT p.id FROM (SELECT person_id AS id FROM alerts WHERE id = ANY($1::uuid[]) AND person_id IS NOT NULL
       UNION SELECT p.id FROM alerts a JOIN people p ON p.id::text = a.evidence->'topSubjects'->0->>'value'
         WHERE a.id = ANY($1::uuid[]) AND (a.evidence->>'subjects')::int = 1
       UNION ${inside}) i
     JOIN people p USING (id) WHERE NOT p.simulated ORDER BY p.id LIMIT $2`,
    [[alertId], limit],
  );
  return rows.map(({ id }) => id);
}

export type InsideRow = { id: string; name: string; sessions: number; hasPassword: boolean };

/** The people who are reached, those with open sessions first, with how many those are. */
export function readInside(database: Queryable, alertIds: readonly string[], limit: number): Promise<InsideRow[]> {
  return database.query<InsideRow[]>(
    `SELECT p.id, p.name, p.password_hash IS NOT NULL AND p.password_change_required_at IS NULL AS "hasPassword",
       (SELECT count(*)::int FROM sessions o WHERE o.person_id = p.id AND o.ended_at IS NULL AND o.expires_at > now() AND o.last_seen_at + o.idle_limit > now()) AS sessions
     FROM (${inside}) i JOIN people p USING (id) ORDER BY sessions DESC, p.id LIMIT $2`,
    [alertIds, limit],
  );
}

/** How many sources are reached, not counting those that are refused already. */
export async function countSources(database: Queryable, alertIds: readonly string[], limit: number): Promise<number> {
  const [row] = await database.query<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM (SELECT s.ip FROM (${sourcesOf}) s
       WHERE NOT EXISTS (SELECT FROM throttled_sources t WHERE t.ip = s.ip AND t.until > now()) LIMIT $2) reached`,
    [alertIds, limit],
  );
  return row?.count ?? 0;
}
