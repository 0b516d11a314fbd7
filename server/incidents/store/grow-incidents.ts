import type { PoolClient } from 'pg';
import { type RiskLevel, riskLevels } from '../../contracts/detection.js';
import type { Growth } from '../domain/growth.js';

/** @param at milliseconds since 1970 */
const instant = (at: number): string => new Date(at).toISOString();
const rank = (level: RiskLevel): number => riskLevels.indexOf(level);

/**
 * New incidents, and what known ones grew by.
 * @param before severity of the known ones
 */
export async function growIncidents(
  client: PoolClient,
  growths: readonly Growth[],
  before: ReadonlyMap<string, RiskLevel>,
): Promise<void> {
  await client.query({
    name: 'grow-incidents',
    text: `INSERT INTO incidents AS i (id, severity, kinds, attempts, failures, first_at, last_at, simulated)
      SELECT id, severity::risk_level, string_to_array(kinds, ' '), attempts, failures, first_at, last_at, simulated
      FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::timestamptz[], $7::timestamptz[], $8::boolean[])
        AS growth (id, severity, kinds, attempts, failures, first_at, last_at, simulated)
      ON CONFLICT (id) DO UPDATE SET severity = greatest(i.severity, excluded.severity), attempts = i.attempts + excluded.attempts,
        failures = i.failures + excluded.failures, first_at = least(i.first_at, excluded.first_at), last_at = greatest(i.last_at, excluded.last_at),
        kinds = i.kinds || ARRAY(SELECT kind FROM unnest(excluded.kinds) AS kind WHERE kind <> ALL(i.kinds)),
        simulated = i.simulated AND excluded.simulated`,
    values: [
      growths.map(({ id }) => id),
      growths.map(({ severity }) => severity),
      growths.map(({ kinds }) => kinds.join(' ')),
      growths.map(({ attempts }) => attempts),
      growths.map(({ failures }) => failures),
      growths.map(({ firstAt }) => instant(firstAt)),
      growths.map(({ lastAt }) => instant(lastAt)),
      growths.map(({ simulated }) => simulated),
    ],
  });
  const causes = growths.flatMap(({ id, keys }) => keys.map((key) => ({ id, key })));
  await client.query({
    name: 'add-causes',
    text: `INSERT INTO incident_causes (dedup_key, incident_id) SELECT * FROM unnest($1::text[], $2::uuid[]) ON CONFLICT (dedup_key) DO NOTHING`,
    values: [causes.map(({ key }) => key), causes.map(({ id }) => id)],
  });
  await addEvents(client, growths, before);
}

async function addEvents(
  client: PoolClient,
  growths: readonly Growth[],
  before: ReadonlyMap<string, RiskLevel>,
): Promise<void> {
  const events = growths.flatMap((growth): { id: string; kind: string; at: number; detail: string | null }[] => {
    const { id, isNew, severity, firstAt, lastAt } = growth;
    if (isNew) return [{ id, kind: 'opened', at: firstAt, detail: null }];
    const was = before.get(id);
    return was !== undefined && rank(severity) > rank(was)
      ? [{ id, kind: 'severity_raised', at: lastAt, detail: JSON.stringify({ from: was, to: severity }) }]
      : [];
  });
  if (events.length === 0) return;
  await client.query(
    `INSERT INTO incident_events (incident_id, kind, at, detail) SELECT * FROM unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::jsonb[])`,
    [
      events.map(({ id }) => id),
      events.map(({ kind }) => kind),
      events.map(({ at }) => instant(at)),
      events.map(({ detail }) => detail),
    ],
  );
}

/** Who tried, with exact counts; in one order, as rows get locked. */
export async function addSources(client: PoolClient, growths: readonly Growth[]): Promise<void> {
  const rows = growths.flatMap(({ id, sources }) => [...sources].map(([ip, tries]) => ({ id, ip, ...tries })));
  if (rows.length === 0) return;
  await client.query({
    name: 'add-incident-sources',
    text: `INSERT INTO incident_sources AS s (incident_id, ip, asn, organisation, country, attempts, failures, last_at)
      SELECT * FROM unnest($1::uuid[], $2::inet[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::bigint[], $8::timestamptz[])
        AS t (incident_id, ip, asn, organisation, country, attempts, failures, last_at) ORDER BY incident_id, ip
      ON CONFLICT (incident_id, ip) DO UPDATE SET attempts = s.attempts + excluded.attempts, failures = s.failures + excluded.failures,
        last_at = greatest(s.last_at, excluded.last_at)`,
    values: [
      rows.map(({ id }) => id),
      rows.map(({ ip }) => ip),
      rows.map(({ asn }) => asn),
      rows.map(({ organisation }) => organisation),
      rows.map(({ country }) => country),
      rows.map(({ attempts }) => attempts),
      rows.map(({ failures }) => failures),
      rows.map(({ lastAt }) => instant(lastAt)),
    ],
  });
}

/** Who was tried, and who of them somebody got into. */
export async function addSubjects(client: PoolClient, growths: readonly Growth[]): Promise<void> {
  const rows = growths.flatMap(({ id, subjects }) =>
    [...subjects].map(([subject, tries]) => ({ id, subject, ...tries })),
  );
  if (rows.length === 0) return;
  await client.query({
    name: 'add-incident-subjects',
    text: `INSERT INTO incident_subjects AS s (incident_id, subject, attempts, failures, got_in_at, last_at)
      SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::timestamptz[], $6::timestamptz[])
        AS t (incident_id, subject, attempts, failures, got_in_at, last_at) ORDER BY incident_id, subject
      ON CONFLICT (incident_id, subject) DO UPDATE SET attempts = s.attempts + excluded.attempts, failures = s.failures + excluded.failures,
        got_in_at = coalesce(s.got_in_at, excluded.got_in_at), last_at = greatest(s.last_at, excluded.last_at)`,
    values: [
      rows.map(({ id }) => id),
      rows.map(({ subject }) => subject),
      rows.map(({ attempts }) => attempts),
      rows.map(({ failures }) => failures),
      rows.map(({ gotInAt }) => (gotInAt === null ? null : instant(gotInAt))),
      rows.map(({ lastAt }) => instant(lastAt)),
    ],
  });
}
