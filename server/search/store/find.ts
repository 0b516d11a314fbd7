import type { Found } from '../../contracts/search.js';
import { instantOf } from '../../platform/clock.js';
import type { Queryable } from '../../platform/database/data-source.js';

/** Names found at most, of people and of applications. */
const NAMES_MAX = 6;

/** What an id names. Ids are random: at most one of them is. */
export async function findById(database: Queryable, id: string): Promise<Found[]> {
  const rows = await database.query<Found[]>(
    `SELECT 'person' AS kind, id::text AS value, name AS label, email AS note FROM people WHERE id = $1
     UNION ALL SELECT 'application', id::text, name, NULL FROM applications WHERE id = $1
     UNION ALL SELECT 'session', s.person_id::text, p.name, CASE WHEN s.ended_at IS NULL THEN 'session' ELSE 'session that ended' END
       FROM sessions s JOIN people p ON p.id = s.person_id WHERE s.id = $1
     UNION ALL SELECT 'device', d.id::text, coalesce(d.name, concat_ws(' on ', d.browser, d.os)), p.name FROM devices d JOIN people p ON p.id = d.person_id WHERE d.id = $1
     UNION ALL SELECT 'alert', id::text, 'A-' || number, NULL FROM alerts WHERE id = $1
     UNION ALL SELECT 'incident', id::text, 'I-' || number, NULL FROM incidents WHERE id = $1
     UNION ALL SELECT 'attempt', host(ip), subject, host(ip) FROM attempts WHERE occurred_at = $2 AND id = $1`,
    [id, new Date(instantOf(id))],
  );
  return rows;
}

/** An alert or an incident by the number that people call it by. */
export async function findByNumber(database: Queryable, kind: 'alert' | 'incident', number: string): Promise<Found[]> {
  const [table, prefix] = kind === 'alert' ? ['alerts', 'A-'] : ['incidents', 'I-'];
  return database.query<Found[]>(
    `SELECT '${kind}' AS kind, id::text AS value, '${prefix}' || number AS label, NULL AS note FROM ${table} WHERE number = $1`,
    [number],
  );
}

/** Applications whose name begins so. */
export async function findApplications(database: Queryable, literal: string): Promise<Found[]> {
  return database.query<Found[]>(
    `SELECT 'application' AS kind, id::text AS value, name AS label, NULL AS note FROM applications WHERE lower(name) LIKE $1 || '%' ORDER BY name LIMIT ${NAMES_MAX}`,
    [literal],
  );
}
