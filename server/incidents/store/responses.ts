import type { EntityManager } from 'typeorm';
import type { RiskLevel } from '../../contracts/detection.js';
import { THROTTLE_MINUTES } from '../../contracts/incidents.js';
import { notify } from '../../platform/database/listener.js';
import { sourcesOf } from './reach.js';

export type AnswerableAlert = {
  id: string;
  number: string;
  severity: RiskLevel;
  applicationId: string;
  incidentId: string | null;
};

/** The alert as it stands, where something may still follow from it: real, about an attack, and not answered by a person meanwhile. */
export async function readAnswerable(tx: EntityManager, alertId: string): Promise<AnswerableAlert | undefined> {
  const [alert] = await tx.query<AnswerableAlert[]>(
    `SELECT id, 'A-' || number AS number, severity, application_id AS "applicationId", incident_id AS "incidentId" FROM alerts
     WHERE id = $1 AND NOT simulated AND status NOT IN ('resolved', 'closed')`,
    [alertId],
  );
  return alert;
}

/** Keeps an alert and what is written about it from others until the end, incident first, as the scoring transaction locks them. */
export async function lockAnswered(tx: EntityManager, { id, incidentId }: AnswerableAlert): Promise<void> {
  await tx.query('SELECT FROM incidents WHERE id = $1 FOR KEY SHARE', [incidentId]);
  await tx.query('SELECT FROM alerts WHERE id = $1 FOR NO KEY UPDATE', [id]);
}

export type OpenedSession = { id: string; personId: string; ip: string; asn: number | null };

/**
 * Live sessions that the attempts of an alert opened at Gatehouse: those of its evidence, and those of who got in before it was
 * raised, from the same addresses. Another application names sessions as it likes, so that only our own attempts count.
 */
export function readOpened(
  tx: EntityManager,
  alertId: string,
  { own, limit }: { own: string; limit: number },
): Promise<OpenedSession[]> {
  return tx.query<OpenedSession[]>(
    `SELECT s.id, s.person_id AS "personId", host(s.ip) AS ip, (s.network->>'asn')::float8 AS asn FROM sessions s
     WHERE s.ended_at IS NULL AND (s.id::text IN (
       SELECT t.session_id FROM alert_attempts e JOIN attempts t ON t.id = e.attempt_id
       WHERE e.alert_id = $1 AND t.application_id = $2 AND t.outcome = 'success' AND t.session_id IS NOT NULL)
     OR EXISTS (SELECT FROM alerts a WHERE a.id = $1 AND a.application_id = $2 AND s.started_at >= a.first_at
       AND EXISTS (SELECT FROM jsonb_array_elements(a.evidence->'topSubjects') w WHERE w->>'value' = s.person_id::text AND (w->>'gotIn')::boolean)
       AND EXISTS (SELECT FROM jsonb_array_elements(a.evidence->'topAddresses') w WHERE (w->>'value')::inet = s.ip)))
     ORDER BY s.id LIMIT $3`,
    [alertId, own, limit],
  );
}

/** Where an alert and its incident come from, the busiest first, without what is refused for about as long already. */
export function readSources(
  tx: EntityManager,
  alertId: string,
  { minutes, limit }: { minutes: number; limit: number },
): Promise<{ ip: string; asn: number | null }[]> {
  return tx.query<{ ip: string; asn: number | null }[]>(
    `SELECT host(s.ip) AS ip, (SELECT max(known.asn)::float8 FROM (
         SELECT i.asn FROM alerts a JOIN incident_sources i USING (incident_id) WHERE a.id = ANY($1::uuid[]) AND i.ip = s.ip
         UNION ALL SELECT (t->>'asn')::bigint FROM alerts a, jsonb_array_elements(a.evidence->'topAddresses') t
           WHERE a.id = ANY($1::uuid[]) AND (t->>'value')::inet = s.ip) known) AS asn
     FROM (${sourcesOf}) s
     WHERE NOT EXISTS (SELECT FROM throttled_sources t WHERE t.ip = s.ip AND t.until > now() + make_interval(mins => greatest($2 - ${THROTTLE_MINUTES.least}, 0)))
     ORDER BY s.tries DESC, s.ip LIMIT $3`,
    [[alertId], minutes, limit],
  );
}

/** Refuses addresses for some minutes from now on. */
export async function throttleAddresses(
  tx: EntityManager,
  { ips, containmentId, incidentId }: { ips: readonly string[]; containmentId: string; incidentId: string | null },
  minutes: number,
): Promise<void> {
  if (ips.length === 0) return;
  await tx.query(
    `INSERT INTO throttled_sources AS t (ip, incident_id, containment_id, until)
     SELECT ip, $2, $3, now() + make_interval(mins => $4) FROM unnest($1::inet[]) AS given (ip)
     ON CONFLICT (ip) DO UPDATE SET incident_id = excluded.incident_id, containment_id = excluded.containment_id, until = excluded.until`,
    [ips, incidentId, containmentId, minutes],
  );
  await notify(tx, 'sources_throttled', {});
}

/** What rules did about an alert is one containment while it stands. @returns its id */
export async function keepResponse(
  tx: EntityManager,
  response: { id: string; alertId: string; by: string; policyVersion: number; sources: number; minutes: number },
): Promise<string> {
  const { id, alertId, by, policyVersion, sources, minutes } = response;
  const until = `CASE WHEN $2 > 0 THEN now() + make_interval(mins => $3) END`;
  const [[standing]] = await tx.query<[{ id: string }[], number]>(
    `UPDATE containments SET sources = sources + $2, throttled_until = greatest(throttled_until, ${until}), by_name = $4, policy_version = $5
     WHERE alert_id = $1 AND policy_version IS NOT NULL AND undone_at IS NULL RETURNING id`,
    [alertId, sources, minutes, by, policyVersion],
  );
  if (standing) return standing.id;
  await tx.query(
    `INSERT INTO containments (alert_id, sources, throttled_until, by_name, policy_version, id, finished_at) VALUES ($1, $2, ${until}, $4, $5, $6, now())`,
    [alertId, sources, minutes, by, policyVersion, id],
  );
  return id;
}

/** Whose sessions a rule ended, with the receipt of it. */
export async function keepEnded(
  tx: EntityManager,
  containmentId: string,
  { personId, sessions, revocationId }: { personId: string; sessions: number; revocationId: string },
): Promise<void> {
  await tx.query(
    `INSERT INTO containment_people AS p (containment_id, person_id, sessions_ended, password_required, revocation_id) VALUES ($1, $2, $3, false, $4)
     ON CONFLICT (containment_id, person_id) DO UPDATE SET sessions_ended = p.sessions_ended + excluded.sessions_ended, revocation_id = excluded.revocation_id`,
    [containmentId, personId, sessions, revocationId],
  );
}
