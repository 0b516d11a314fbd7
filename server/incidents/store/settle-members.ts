import type { PoolClient } from 'pg';

/**
 * Makes alerts members of incidents. Those of one incident share its status and who has it; one more that joins a resolved
 * incident opens it again, as it would have been raised alone.
 * @param incidents all that were changed, also those that got alerts by a merger
 * @returns the alerts that have become members
 */
export async function settleMembers(
  client: PoolClient,
  incidents: readonly string[],
  members: readonly { alertId: string; incidentId: string }[],
): Promise<string[]> {
  if (incidents.length === 0) return [];
  const { rows: joined } = await client.query<{ id: string; incident_id: string; number: string }>({
    name: 'join-incident',
    text: `UPDATE alerts a SET incident_id = m.incident_id FROM unnest($1::uuid[], $2::uuid[]) AS m (alert_id, incident_id)
      WHERE a.id = m.alert_id AND a.incident_id IS DISTINCT FROM m.incident_id RETURNING a.id, a.incident_id, a.number`,
    values: [members.map(({ alertId }) => alertId), members.map(({ incidentId }) => incidentId)],
  });
  await client.query({
    name: 'lead-incidents',
    text: `UPDATE incidents i SET lead_id = (SELECT a.id FROM alerts a WHERE a.incident_id = i.id ORDER BY a.number LIMIT 1)
      WHERE i.id = ANY($1) AND NOT EXISTS (SELECT FROM alerts l WHERE l.id = i.lead_id AND l.incident_id = i.id)`,
    values: [incidents],
  });
  await leadBySignIn(client, incidents);
  await reopen(client, incidents);
  await client.query({
    name: 'share-status',
    text: `UPDATE alerts a SET status = l.status, assignee_id = l.assignee_id, held_until = l.held_until, merged_into = l.merged_into
      FROM incidents i JOIN alerts l ON l.id = i.lead_id
      WHERE a.incident_id = i.id AND i.id = ANY($1) AND a.id <> l.id AND a.status NOT IN ('resolved', 'closed') AND l.status NOT IN ('resolved', 'closed')
        AND (a.status, a.assignee_id, a.held_until, a.merged_into) IS DISTINCT FROM (l.status, l.assignee_id, l.held_until, l.merged_into)
        AND l.merged_into IS DISTINCT FROM a.id`,
    values: [incidents],
  });
  await noteJoined(client, joined);
  return joined.map(({ id }) => id);
}

/** Failures before a sign-in that worked are its beginning: the sign-in stands for both, as long as nobody has dealt with them. */
async function leadBySignIn(client: PoolClient, incidents: readonly string[]): Promise<void> {
  await client.query({
    name: 'lead-by-sign-in',
    text: `UPDATE incidents i SET lead_id = (SELECT a.id FROM alerts a WHERE a.incident_id = i.id AND a.kind = 'suspicious-sign-in' AND a.status = 'new' ORDER BY a.number LIMIT 1)
      FROM alerts l WHERE i.id = ANY($1) AND l.id = i.lead_id AND l.kind = 'failures-from-unfamiliar-place' AND l.status = 'new'
        AND EXISTS (SELECT FROM alerts a WHERE a.incident_id = i.id AND a.kind = 'suspicious-sign-in' AND a.status = 'new')`,
    values: [incidents],
  });
}

async function reopen(client: PoolClient, incidents: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ id: string; incident_id: string }>({
    name: 'reopen-incidents',
    text: `UPDATE alerts a SET status = 'in_progress', verdict = NULL, resolved_at = NULL, held_until = NULL FROM incidents i JOIN alerts l ON l.id = i.lead_id
      WHERE a.incident_id = i.id AND i.id = ANY($1) AND l.status IN ('resolved', 'closed') AND a.resolved_at = l.resolved_at
        AND EXISTS (SELECT FROM alerts o WHERE o.incident_id = i.id AND o.status NOT IN ('resolved', 'closed'))
      RETURNING a.id, a.incident_id`,
    values: [incidents],
  });
  if (rows.length === 0) return;
  await client.query(`INSERT INTO alert_events (alert_id, kind) SELECT unnest($1::uuid[]), 'reopened'`, [
    rows.map(({ id }) => id),
  ]);
  await client.query(`INSERT INTO incident_events (incident_id, kind) SELECT unnest($1::uuid[]), 'reopened'`, [
    [...new Set(rows.map((row) => row.incident_id))],
  ]);
}

/** The first alert opens the incident and is no news of its own. */
async function noteJoined(
  client: PoolClient,
  joined: readonly { id: string; incident_id: string; number: string }[],
): Promise<void> {
  if (joined.length === 0) return;
  await client.query(
    `INSERT INTO incident_events (incident_id, kind, detail)
     SELECT j.incident_id, 'alert_joined', jsonb_build_object('number', 'A-' || j.number) FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS j (id, incident_id, number)
     JOIN incidents i ON i.id = j.incident_id WHERE i.lead_id <> j.id`,
    [joined.map(({ id }) => id), joined.map((row) => row.incident_id), joined.map(({ number }) => number)],
  );
}
