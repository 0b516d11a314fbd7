import type { Novelty } from '../../contracts/activity.js';
import type { Client, Place } from '../../contracts/detection.js';
import type { Queryable } from '../../platform/database/data-source.js';

export type DeviceRow = {
  id: string;
  name: string | null;
  device: Client['device'];
  os: string | null;
  browser: string | null;
  firstSeenAt: Date;
  lastSeenAt: Date;
  place: Place | null;
  sessions: number;
  trustedUntil: Date | null;
  novelties: Novelty[];
};

/** How long a device is marked as new, in days: what an alert said may be dismissed, the device may still be somebody else's. */
const MARKED_DAYS = 14;

/** Everybody's row of a browser gets its new token; where it is trusted the former one is kept, so that a copy of it is noticed. */
export async function replaceToken(tx: Queryable, former: Buffer, next: Buffer): Promise<void> {
  await tx.query(
    `WITH replaced AS (UPDATE devices SET token_hash = $2 WHERE token_hash = $1 AND removed_at IS NULL RETURNING id, trusted_until)
     INSERT INTO replaced_device_tokens (device_id, token_hash) SELECT id, $1 FROM replaced WHERE trusted_until > now()`,
    [former, next],
  );
}

/** Notes that a person signs in with a known browser. @returns its id, or undefined when this person never used it */
export async function touchDevice(
  tx: Queryable,
  personId: string,
  tokenHash: Buffer,
  client: Client,
): Promise<string | undefined> {
  const [[row]] = await tx.query<[{ id: string }[], number]>(
    `UPDATE devices SET last_seen_at = now(), device = $3, os = $4, browser = $5
     WHERE person_id = $1 AND token_hash = $2 AND removed_at IS NULL RETURNING id`,
    [personId, tokenHash, client.device, client.os, client.browser],
  );
  return row?.id;
}

export async function insertDevice(
  tx: Queryable,
  device: { id: string; personId: string; tokenHash: Buffer; client: Client },
): Promise<void> {
  await tx.query(
    'INSERT INTO devices (id, person_id, token_hash, device, os, browser) VALUES ($1, $2, $3, $4, $5, $6)',
    [device.id, device.personId, device.tokenHash, device.client.device, device.client.os, device.client.browser],
  );
}

/** Whether the person had a device before, removed ones too. */
export async function hasDevices(tx: Queryable, personId: string): Promise<boolean> {
  return (await tx.query<unknown[]>('SELECT FROM devices WHERE person_id = $1 LIMIT 1', [personId])).length > 0;
}

/** Devices in use, the newest first, each with the place of its newest session. */
export async function listDevices(database: Queryable, personId: string): Promise<DeviceRow[]> {
  return database.query(
    `SELECT d.id, d.name, d.device, d.os, d.browser, d.first_seen_at AS "firstSeenAt", d.last_seen_at AS "lastSeenAt", s.place, coalesce(o.open, 0)::int AS sessions,
       CASE WHEN d.trusted_until > now() AND d.trusted_until <= now() + make_interval(days => g.trust_days) THEN d.trusted_until END AS "trustedUntil",
       ARRAY(SELECT DISTINCT n FROM sessions e, unnest(e.novelties) n WHERE e.device_id = d.id AND e.started_at > now() - interval '${MARKED_DAYS} days' ORDER BY n) AS novelties
     FROM sign_in_policy g, devices d
     LEFT JOIN LATERAL (SELECT place FROM sessions WHERE device_id = d.id ORDER BY started_at DESC LIMIT 1) s ON true
     LEFT JOIN LATERAL (SELECT count(*) AS open FROM sessions WHERE device_id = d.id AND ended_at IS NULL
       AND last_seen_at + idle_limit > now() AND expires_at > now()) o ON true
     WHERE d.person_id = $1 AND d.removed_at IS NULL ORDER BY d.last_seen_at DESC, d.id`,
    [personId],
  );
}

// The same browser does not become one of another family, nor another system: then its token was copied, or moved at best.
const trusted = `SELECT FROM devices d, sign_in_policy g WHERE d.person_id = $1 AND d.token_hash = $2 AND d.removed_at IS NULL
  AND d.os IS NOT DISTINCT FROM $3 AND d.browser IS NOT DISTINCT FROM $4
  AND d.trusted_until > now() AND d.trusted_until <= now() + make_interval(days => g.trust_days)`;

/** Whether this browser may skip the second factor of this person now. */
export async function isTrusted(
  database: Queryable,
  personId: string,
  tokenHash: Buffer,
  { os, browser }: Client,
): Promise<boolean> {
  return (await database.query<unknown[]>(trusted, [personId, tokenHash, os, browser])).length > 0;
}

/** The same, and it stays so until the transaction ends: whoever ends the trust meanwhile waits. */
export async function holdTrusted(
  tx: Queryable,
  personId: string,
  tokenHash: Buffer,
  { os, browser }: Client,
): Promise<boolean> {
  return (await tx.query<unknown[]>(`${trusted} FOR SHARE OF d`, [personId, tokenHash, os, browser])).length > 0;
}

/** Whether the person of this address signed in with this browser before. */
export async function isKnown(database: Queryable, email: string, tokenHash: Buffer): Promise<boolean> {
  const rows = await database.query<unknown[]>(
    `SELECT FROM devices d JOIN person_identifiers i ON i.person_id = d.person_id
     WHERE d.token_hash = $2 AND d.removed_at IS NULL AND i.kind = 'email' AND i.value = $1`,
    [email, tokenHash],
  );
  return rows.length > 0;
}

/** Whether anybody signed in with this browser before. */
export async function isAnybodys(database: Queryable, tokenHash: Buffer): Promise<boolean> {
  const rows = await database.query<unknown[]>(
    'SELECT FROM devices WHERE token_hash = $1 AND removed_at IS NULL LIMIT 1',
    [tokenHash],
  );
  return rows.length > 0;
}

/** Days that a device may be trusted; 0 where none may. */
export async function readTrustDays(database: Queryable): Promise<number> {
  const [row] = await database.query<{ days: number }[]>('SELECT trust_days AS days FROM sign_in_policy');
  return row?.days ?? 0;
}

/** The device of a session; undefined for shared terminals, which have none. */
export async function deviceOfSession(database: Queryable, sessionId: string): Promise<string | undefined> {
  const [row] = await database.query<{ id: string }[]>(
    `SELECT d.id FROM sessions s JOIN devices d ON d.id = s.device_id WHERE s.id = $1 AND d.removed_at IS NULL AND NOT s.shared`,
    [sessionId],
  );
  return row?.id;
}

/**
 * The device that a session may have trusted: it showed a second factor, and stays open until the transaction ends. Whoever ends it
 * waits, and finds the trust to end too.
 */
export async function trustableDevice(tx: Queryable, sessionId: string): Promise<string | undefined> {
  const [row] = await tx.query<{ id: string }[]>(
    `SELECT d.id FROM sessions s JOIN devices d ON d.id = s.device_id
     WHERE s.id = $1 AND s.ended_at IS NULL AND s.proved_strength > 0 AND d.removed_at IS NULL AND NOT s.shared FOR SHARE OF s`,
    [sessionId],
  );
  return row?.id;
}

/** @returns until when; undefined when the person has no such device */
export async function trustDevice(
  tx: Queryable,
  personId: string,
  id: string,
  days: number,
): Promise<Date | undefined> {
  const [[row]] = await tx.query<[{ until: Date }[], number]>(
    `UPDATE devices SET trusted_until = now() + make_interval(days => $3)
     WHERE person_id = $1 AND id = $2 AND removed_at IS NULL RETURNING trusted_until AS until`,
    [personId, id, days],
  );
  return row?.until;
}

/** Ends the trust of one device, or of all. @returns how many were trusted */
export async function endTrust(tx: Queryable, personId: string, id: string | null): Promise<number> {
  const [, hit] = await tx.query<[unknown, number]>(
    `UPDATE devices SET trusted_until = NULL WHERE person_id = $1 AND ($2::uuid IS NULL OR id = $2) AND trusted_until > now()`,
    [personId, id],
  );
  return hit;
}

export async function renameDevice(tx: Queryable, personId: string, id: string, name: string): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>(
    'UPDATE devices SET name = $3 WHERE person_id = $1 AND id = $2 AND removed_at IS NULL',
    [personId, id, name],
  );
  return hit === 1;
}

/** The row stays as a record, its token stands for nothing. @returns false when the person has no such device */
export async function removeDevice(tx: Queryable, personId: string, id: string): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>(
    `UPDATE devices SET removed_at = now(), trusted_until = NULL WHERE person_id = $1 AND id = $2 AND removed_at IS NULL`,
    [personId, id],
  );
  return hit === 1;
}

export type DeviceRecord = Omit<DeviceRow, 'place' | 'sessions'> & {
  personId: string;
  personName: string;
  removedAt: Date | null;
  openSessions: number;
  sessions: number;
};

/** One device, whoever uses it, removed ones too. */
export async function readDevice(database: Queryable, id: string): Promise<DeviceRecord | undefined> {
  const [row] = await database.query<DeviceRecord[]>(
    `SELECT d.id, d.name, d.device, d.os, d.browser, d.person_id AS "personId", p.name AS "personName", d.first_seen_at AS "firstSeenAt",
       d.last_seen_at AS "lastSeenAt", d.trusted_until AS "trustedUntil", d.removed_at AS "removedAt",
       (SELECT count(*)::int FROM sessions WHERE device_id = d.id) AS sessions,
       (SELECT count(*)::int FROM sessions WHERE device_id = d.id AND ended_at IS NULL AND last_seen_at + idle_limit > now() AND expires_at > now()) AS "openSessions"
     FROM devices d JOIN people p ON p.id = d.person_id WHERE d.id = $1`,
    [id],
  );
  return row;
}

/** Sign-ins on a device in each of the last days, oldest first, by UTC day. Failures name no device. */
export async function deviceDays(
  database: Queryable,
  id: string,
  days: number,
): Promise<{ day: string; counts: { success: number; failure: number } }[]> {
  return database.query(
    `SELECT to_char(d.day, 'YYYY-MM-DD') AS day, json_build_object('success', count(s.id)::int, 'failure', 0) AS counts
     FROM generate_series((now() AT TIME ZONE 'UTC')::date - ($2::int - 1), (now() AT TIME ZONE 'UTC')::date, interval '1 day') AS d (day)
     LEFT JOIN sessions s ON s.device_id = $1 AND s.started_at >= d.day AT TIME ZONE 'UTC' AND s.started_at < (d.day + interval '1 day') AT TIME ZONE 'UTC'
     GROUP BY d.day ORDER BY d.day`,
    [id, days],
  );
}
