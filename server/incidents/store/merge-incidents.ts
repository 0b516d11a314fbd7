import type { PoolClient } from 'pg';

/**
 * Makes an incident part of an older one, with everything that it holds: afterwards there is one.
 * @returns the alerts that changed their incident
 */
export async function mergeIncidents(client: PoolClient, older: string, younger: string): Promise<string[]> {
  const both = [older, younger];
  const { rows } = await client.query<{ number: string }>('SELECT number FROM incidents WHERE id = $1', [younger]);
  await client.query('UPDATE incident_causes SET incident_id = $1 WHERE incident_id = $2', both);
  await client.query(
    `INSERT INTO incident_sources AS s SELECT $1, ip, asn, organisation, country, attempts, failures, last_at FROM incident_sources WHERE incident_id = $2
     ON CONFLICT (incident_id, ip) DO UPDATE SET attempts = s.attempts + excluded.attempts, failures = s.failures + excluded.failures,
       last_at = greatest(s.last_at, excluded.last_at)`,
    both,
  );
  await client.query(
    `INSERT INTO incident_subjects AS s SELECT $1, subject, attempts, failures, got_in_at, last_at FROM incident_subjects WHERE incident_id = $2
     ON CONFLICT (incident_id, subject) DO UPDATE SET attempts = s.attempts + excluded.attempts, failures = s.failures + excluded.failures,
       got_in_at = coalesce(s.got_in_at, excluded.got_in_at), last_at = greatest(s.last_at, excluded.last_at)`,
    both,
  );
  await client.query('UPDATE incident_events SET incident_id = $1 WHERE incident_id = $2', both);
  await client.query('UPDATE throttled_sources SET incident_id = $1 WHERE incident_id = $2', both);
  await client.query(
    `UPDATE incidents i SET severity = greatest(i.severity, y.severity), attempts = i.attempts + y.attempts, failures = i.failures + y.failures,
       kinds = i.kinds || ARRAY(SELECT kind FROM unnest(y.kinds) AS kind WHERE kind <> ALL(i.kinds)),
       first_at = least(i.first_at, y.first_at), last_at = greatest(i.last_at, y.last_at), simulated = i.simulated AND y.simulated
     FROM incidents y WHERE i.id = $1 AND y.id = $2`,
    both,
  );
  const { rows: moved } = await client.query<{ id: string }>(
    'UPDATE alerts SET incident_id = $1 WHERE incident_id = $2 RETURNING id',
    both,
  );
  await client.query('DELETE FROM incidents WHERE id = $1', [younger]);
  await client.query(`INSERT INTO incident_events (incident_id, kind, detail) VALUES ($1, 'merged', $2)`, [
    older,
    JSON.stringify({ number: `I-${rows[0]?.number}` }),
  ]);
  return moved.map(({ id }) => id);
}
