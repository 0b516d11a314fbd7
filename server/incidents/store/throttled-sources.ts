import type { DataSource, EntityManager } from 'typeorm';
import { notify } from '../../platform/database/listener.js';

/** The longest lasting first. */
export function readThrottled(database: DataSource, limit: number): Promise<{ ip: string; until: Date }[]> {
  return database.query<{ ip: string; until: Date }[]>(
    'SELECT host(ip) AS ip, until FROM throttled_sources WHERE until > now() ORDER BY until DESC LIMIT $1',
    [limit],
  );
}

/** Refuses the busiest sources of an incident for some minutes; one that is refused longer already stays so. @returns how many, and until when */
export async function throttleSources(
  tx: EntityManager,
  incidentId: string,
  { minutes, limit }: { minutes: number; limit: number },
): Promise<{ count: number; until: Date | null }> {
  const rows = await tx.query<{ until: Date }[]>(
    `INSERT INTO throttled_sources AS t (ip, incident_id, until)
     SELECT ip, $1, now() + make_interval(mins => $2) FROM incident_sources WHERE incident_id = $1 AND failures > 0 ORDER BY attempts DESC, ip LIMIT $3
     ON CONFLICT (ip) DO UPDATE SET incident_id = excluded.incident_id, until = greatest(t.until, excluded.until) RETURNING until`,
    [incidentId, minutes, limit],
  );
  if (rows.length > 0) await notify(tx, 'sources_throttled', {});
  return { count: rows.length, until: rows[0]?.until ?? null };
}

/** @returns how many sources of the incident were refused until now */
export async function releaseSources(tx: EntityManager, incidentId: string): Promise<number> {
  const [, count] = await tx.query<[unknown, number]>(
    'DELETE FROM throttled_sources WHERE incident_id = $1 AND until > now()',
    [incidentId],
  );
  if (count > 0) await notify(tx, 'sources_throttled', {});
  return count;
}

/** Forgets those that are over. */
export async function forgetThrottled(database: DataSource): Promise<void> {
  await database.query('DELETE FROM throttled_sources WHERE until <= now()');
}
