import type { DataSource } from 'typeorm';
import type { Outcome } from '../contracts/attempts.js';
import type { DeviceClass, NetworkKind } from '../contracts/detection.js';
import type { EnrichedAttempt } from '../detection/domain/enriched-attempt.js';
import { normaliseSubject } from '../platform/subject.js';
import { addressOf } from '../platform/address.js';
import { clientKeyOf } from './domain/client-key.js';
import { placeOf, type PlaceColumns } from './domain/stored-place.js';

/** Rows read at a time. */
const PAGE = 20_000;

export type AttemptColumns = PlaceColumns & {
  id: string;
  occurred_at: Date;
  application_id: string;
  person_id: string | null;
  subject: string;
  outcome: Outcome;
  reason: string | null;
  ip: string;
  asn: string | null;
  organisation: string | null;
  network_kind: NetworkKind;
  device: DeviceClass;
  os: string | null;
  browser: string | null;
  user_agent: string | null;
  factor: string | null;
  device_id: string | null;
  session_id: string | null;
  password_fingerprint: string | null;
};

/** The newest attempts by arrival, oldest of them first, a page at a time, as they were judged; those of a drill are nobody's. */
export async function* recentAttempts(
  database: DataSource,
  hours: number,
  most: number,
): AsyncGenerator<EnrichedAttempt[]> {
  const [start] = await database.query<{ at: string }[]>(
    `SELECT coalesce((SELECT received_at FROM attempts WHERE received_at > now() - make_interval(hours => $1) ORDER BY received_at DESC OFFSET $2 LIMIT 1),
       now() - make_interval(hours => $1))::text AS at`,
    [hours, most],
  );
  let after = { at: start?.at ?? 'infinity', id: '00000000-0000-0000-0000-000000000000' };
  for (;;) {
    const rows = await database.query<(AttemptColumns & { position: string })[]>(page, [after.at, after.id, PAGE]);
    if (rows.length > 0) yield rows.map(toEnriched);
    const last = rows.at(-1);
    if (!last || rows.length < PAGE) return;
    after = { at: last.position, id: last.id };
  }
}

/** How many attempts `recentAttempts` gives, as far as none comes meanwhile. */
export async function countRecent(database: DataSource, hours: number, most: number): Promise<number> {
  const [row] = await database.query<{ n: number }[]>(
    'SELECT count(*)::int AS n FROM attempts WHERE received_at > now() - make_interval(hours => $1)',
    [hours],
  );
  return Math.min(row?.n ?? 0, most);
}

/** What detection needs of a stored attempt. */
export const attemptColumns = `id, occurred_at, application_id, person_id, subject, outcome, reason, host(ip) AS ip, asn, organisation, network_kind,
    country, region, city, latitude, longitude, accuracy_km, device, os, browser, user_agent, factor, device_id, session_id, password_fingerprint`;

const page = `
  SELECT ${attemptColumns}, received_at::text AS position
  FROM attempts WHERE application_id NOT IN (SELECT id FROM applications WHERE kind = 'drill') AND received_at >= $1::timestamptz AND (received_at, id) > ($1::timestamptz, $2::uuid) ORDER BY received_at, id LIMIT $3`;

/** A stored attempt as it was judged. */
export function toEnriched(row: AttemptColumns): EnrichedAttempt {
  const { ip, addressKey, prefixKey } = addressOf(row.ip);
  const client = { device: row.device, os: row.os, browser: row.browser };
  return {
    id: row.id,
    occurredAt: row.occurred_at.getTime(),
    subjectKey: row.person_id ?? `${row.application_id}:${normaliseSubject(row.subject)}`,
    personId: row.person_id,
    subjectKnown: row.person_id !== null,
    applicationId: row.application_id,
    outcome: row.outcome,
    reason: row.reason,
    ip,
    addressKey,
    prefixKey,
    network: { asn: row.asn === null ? null : Number(row.asn), organisation: row.organisation, kind: row.network_kind },
    place: placeOf(row),
    client,
    clientKey: clientKeyOf(client),
    userAgent: row.user_agent,
    factor: row.factor,
    deviceId: row.device_id,
    sessionId: row.session_id,
    passwordFingerprint: row.password_fingerprint,
  };
}
