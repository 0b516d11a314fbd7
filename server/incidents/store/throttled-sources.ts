import type { DataSource, EntityManager } from 'typeorm';
import type { Queryable } from '../../platform/database/data-source.js';
import { notify } from '../../platform/database/listener.js';
import { sourcesOf } from './reach.js';

/** The longest lasting first. */
export function readThrottled(database: DataSource, limit: number): Promise<{ ip: string; until: Date }[]> {
  return database.query<{ ip: string; until: Date }[]>(
    'SELECT host(ip) AS ip, until FROM throttled_sources WHERE until > now() ORDER BY until DESC LIMIT $1',
    [limit],
  );
}

/**
 * Refuses the busiest sources of alerts for some minutes; one that is refused longer already stays so, and belongs to what had it
 * refused. @returns how many, and until when
 */
export async function throttleSources(
  tx: EntityManager,
  { alertIds, containmentId }: { alertIds: readonly string[]; containmentId: string },
  { minutes, limit }: { minutes: number; limit: number },
): Promise<{ count: number; until: Date | null }> {
  const rows = await tx.query<{ until: Date }[]>(
    `INSERT INTO throttled_sources AS t (ip, incident_id, containment_id, until)
     SELECT s.ip, (SELECT incident_id FROM alerts WHERE id = ANY($1::uuid[]) AND incident_id IS NOT NULL ORDER BY number LIMIT 1), $2, now() + make_interval(mins => $3)
     FROM (${sourcesOf}) s ORDER BY s.tries DESC, s.ip LIMIT $4
     ON CONFLICT (ip) DO UPDATE SET incident_id = excluded.incident_id, until = greatest(t.until, excluded.until),
       containment_id = CASE WHEN excluded.until >= t.until THEN excluded.containment_id ELSE t.containment_id END RETURNING until`,
    [alertIds, containmentId, minutes, limit],
  );
  if (rows.length > 0) await notify(tx, 'sources_throttled', {});
  return { count: rows.length, until: rows[0]?.until ?? null };
}

/** Lets in what an incident or a containment has refused. @returns how many sources were refused until now */
export async function releaseSources(
  tx: EntityManager,
  of: { incidentId: string } | { containmentId: string },
): Promise<number> {
  const [condition, id] =
    'incidentId' in of ? ['incident_id = $1', of.incidentId] : ['containment_id = $1', of.containmentId];
  const [, count] = await tx.query<[unknown, number]>(
    `DELETE FROM throttled_sources WHERE ${condition} AND until > now()`,
    [id],
  );
  if (count > 0) await notify(tx, 'sources_throttled', {});
  return count;
}

/** One address and, of IPv6, everything in its /64. */
const sameSource = `(ip = $1::inet OR (family($1::inet) = 6 AND ip << set_masklen($1::inet, 64)))`;

/** Refuses one address; longer where it is refused already. @returns until when, and whether it was let in before */
export async function throttleSource(
  tx: EntityManager,
  ip: string,
  minutes: number,
): Promise<{ until: Date; added: boolean }> {
  const added = (await throttledUntil(tx, ip)) === undefined;
  const [row] = await tx.query<{ until: Date }[]>(
    `INSERT INTO throttled_sources AS t (ip, until) VALUES ($1, now() + make_interval(mins => $2))
     ON CONFLICT (ip) DO UPDATE SET until = greatest(t.until, excluded.until) RETURNING until`,
    [ip, minutes],
  );
  if (!row) throw new Error('The source was not throttled.');
  await notify(tx, 'sources_throttled', {});
  return { until: row.until, added };
}

/** @returns whether it was refused until now */
export async function releaseSource(tx: EntityManager, ip: string): Promise<boolean> {
  const [, count] = await tx.query<[unknown, number]>(
    `DELETE FROM throttled_sources WHERE ${sameSource} AND until > now()`,
    [ip],
  );
  if (count > 0) await notify(tx, 'sources_throttled', {});
  return count > 0;
}

export async function throttledUntil(database: Queryable, ip: string): Promise<Date | undefined> {
  const [row] = await database.query<{ until: Date }[]>(
    `SELECT until FROM throttled_sources WHERE ${sameSource} AND until > now() ORDER BY until DESC LIMIT 1`,
    [ip],
  );
  return row?.until;
}

/** Forgets those that are over. */
export async function forgetThrottled(database: DataSource): Promise<void> {
  await database.query('DELETE FROM throttled_sources WHERE until <= now()');
}
