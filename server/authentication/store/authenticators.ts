import type { Queryable } from '../../platform/database/data-source.js';
import type { authenticatorKinds } from '../../contracts/factors.js';

export type AuthenticatorKind = (typeof authenticatorKinds)[number] | 'backup_codes';

export type AuthenticatorRow = {
  id: string;
  kind: AuthenticatorKind;
  name: string;
  failures: number;
  preferred: boolean;
  createdAt: Date;
  confirmedAt: Date | null;
  lastUsedAt: Date | null;
  secret: string | null;
  salt: Buffer | null;
  /** The session in which it is, or was, set up. */
  begunIn: string | null;
};

/** What a try is made against, after it was counted. */
export type CountedTry = {
  id: string;
  secret: string | null;
  salt: Buffer | null;
  pepperId: string | null;
  epoch: number;
};
/** Why a try wasn't let through. */
export type Denied = { failures: number; retryAfter: number };

const columns = `id, kind, name, failures, preferred, created_at AS "createdAt", confirmed_at AS "confirmedAt", last_used_at AS "lastUsedAt", secret, salt, begun_in AS "begunIn"`;

/** Everything bound and not removed, also what is still being set up; oldest first. */
export async function listAuthenticators(database: Queryable, personId: string): Promise<AuthenticatorRow[]> {
  return database.query(
    `SELECT ${columns} FROM authenticators WHERE person_id = $1 AND removed_at IS NULL ORDER BY created_at, id`,
    [personId],
  );
}

/** Keeps every factor of a person from being used or removed until the transaction ends. */
export async function lockAuthenticators(tx: Queryable, personId: string): Promise<void> {
  await tx.query('SELECT FROM authenticators WHERE person_id = $1 AND removed_at IS NULL ORDER BY id FOR UPDATE', [
    personId,
  ]);
}

export async function insertAuthenticator(
  tx: Queryable,
  one: {
    id: string;
    personId: string;
    kind: AuthenticatorKind;
    name: string;
    secret?: string;
    salt?: Buffer;
    pepperId?: string;
    confirmed?: boolean;
    begunIn?: string;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO authenticators (id, person_id, kind, name, secret, salt, pepper_id, confirmed_at, begun_in)
     VALUES ($1, $2, $3, $4, $5, $6, $7, CASE WHEN $8 THEN now() END, $9)`,
    [
      one.id,
      one.personId,
      one.kind,
      one.name,
      one.secret ?? null,
      one.salt ?? null,
      one.pepperId ?? null,
      one.confirmed ?? false,
      one.begunIn ?? null,
    ],
  );
}

/**
 * Counts a try before it is looked at, so that of any number at once no more are evaluated than may be. The counter belongs to the
 * authenticator: new codes and challenges don't touch it, only a right answer takes it back to none.
 * @param delays seconds to wait after 1, 2, … failures in a row; with as many failures the authenticator is dead
 */
export async function countTry(
  database: Queryable,
  id: string,
  delays: readonly number[],
): Promise<CountedTry | Denied> {
  const [[counted]] = await database.query<[CountedTry[], number]>(
    `UPDATE authenticators SET failures = failures + 1, retry_at = now() + make_interval(secs => ($2::int[])[failures + 1])
     WHERE id = $1 AND removed_at IS NULL AND failures < $3 AND (retry_at IS NULL OR retry_at <= now())
     RETURNING id, secret, salt, pepper_id AS "pepperId", extract(epoch FROM now())::float8 AS epoch`,
    [id, delays, delays.length],
  );
  if (counted) return counted;
  const [denied] = await database.query<Denied[]>(
    `SELECT failures, greatest(1, ceil(extract(epoch FROM retry_at - now())))::int AS "retryAfter" FROM authenticators WHERE id = $1`,
    [id],
  );
  return denied ?? { failures: 0, retryAfter: 1 };
}

const used = 'failures = 0, retry_at = NULL, last_used_at = now()';

/** Marks an authenticator as used. @returns false when it was removed meanwhile */
export async function markUsed(tx: Queryable, id: string): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>(
    `UPDATE authenticators SET ${used} WHERE id = $1 AND removed_at IS NULL`,
    [id],
  );
  return hit === 1;
}

/** Uses up a time step and all before it. @returns false when that was done already */
export async function spendStep(tx: Queryable, id: string, step: number): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>(
    `UPDATE authenticators SET last_step = $2, ${used} WHERE id = $1 AND removed_at IS NULL AND (last_step IS NULL OR last_step < $2)`,
    [id, step],
  );
  return hit === 1;
}

/** Another number for a phone that is being set up. Codes that went to the former are void; wrong tries stay counted. */
export async function renewNumber(tx: Queryable, id: string, phone: { name: string; secret: string }): Promise<void> {
  await tx.query('UPDATE authenticators SET name = $2, secret = $3 WHERE id = $1', [id, phone.name, phone.secret]);
  await tx.query('UPDATE sent_codes SET used_at = now() WHERE authenticator_id = $1 AND used_at IS NULL', [id]);
}

/** The person has confirmed it, once and for all. */
export async function markConfirmed(database: Queryable, id: string): Promise<void> {
  await database.query('UPDATE authenticators SET confirmed_at = now() WHERE id = $1 AND confirmed_at IS NULL', [id]);
}

/** Confirms what was being set up, and removes what it succeeds. */
export async function confirmAuthenticator(tx: Queryable, id: string): Promise<boolean> {
  await tx.query(
    `UPDATE authenticators o SET removed_at = now(), secret = NULL FROM authenticators n
     WHERE n.id = $1 AND o.person_id = n.person_id AND o.kind = n.kind AND o.id <> n.id AND o.removed_at IS NULL AND o.kind <> 'passkey'`,
    [id],
  );
  const [, hit] = await tx.query<[unknown, number]>(
    'UPDATE authenticators SET confirmed_at = now() WHERE id = $1 AND removed_at IS NULL AND confirmed_at IS NULL',
    [id],
  );
  return hit === 1;
}

/**
 * Removes authenticators of a person: all, or those of the ids. The secrets go, the rows stay as a record.
 * @returns the names of what was removed
 */
export async function removeAuthenticators(
  tx: Queryable,
  personId: string,
  ids: readonly string[] | null,
): Promise<{ id: string; kind: AuthenticatorKind; name: string }[]> {
  const [removed] = await tx.query<[{ id: string; kind: AuthenticatorKind; name: string }[], number]>(
    `UPDATE authenticators SET removed_at = now(), secret = NULL, preferred = false
     WHERE person_id = $1 AND removed_at IS NULL AND ($2::uuid[] IS NULL OR id = ANY($2)) RETURNING id, kind, name`,
    [personId, ids],
  );
  const gone = removed.map(({ id }) => id);
  await tx.query('DELETE FROM passkeys WHERE authenticator_id = ANY($1)', [gone]);
  await tx.query('DELETE FROM backup_codes WHERE authenticator_id = ANY($1)', [gone]);
  await tx.query('DELETE FROM sent_codes WHERE authenticator_id = ANY($1)', [gone]);
  return removed;
}

/** Renames one (but not a phone, which is known by its number), or makes it the preferred one. @returns false when the person has no such authenticator */
export async function changeAuthenticator(
  tx: Queryable,
  personId: string,
  id: string,
  change: { name?: string | undefined; preferred?: true | undefined },
): Promise<boolean> {
  const [, hit] = await tx.query<[unknown, number]>(
    `UPDATE authenticators SET name = CASE kind WHEN 'sms' THEN name ELSE coalesce($3, name) END WHERE id = $2 AND person_id = $1 AND removed_at IS NULL AND confirmed_at IS NOT NULL AND kind <> 'backup_codes'`,
    [personId, id, change.name ?? null],
  );
  if (hit === 1 && change.preferred)
    await tx.query('UPDATE authenticators SET preferred = (id = $2) WHERE person_id = $1 AND removed_at IS NULL', [
      personId,
      id,
    ]);
  return hit === 1;
}

/** Takes off what counts mailed codes of people who have no such factor. */
export async function removeUnboundMail(tx: Queryable, personIds: readonly string[]): Promise<void> {
  await tx.query(
    `UPDATE authenticators SET removed_at = now() WHERE person_id = ANY($1::uuid[]) AND kind = 'email' AND confirmed_at IS NULL AND removed_at IS NULL`,
    [personIds],
  );
}

/** What counts the mailed codes of somebody who has no such factor: none is bound by it. @returns its id */
export async function unboundMail(database: Queryable, id: string, personId: string): Promise<string> {
  await database.query(
    `INSERT INTO authenticators (id, person_id, kind, name) VALUES ($1, $2, 'email', 'Codes by e-mail')
     ON CONFLICT (person_id, kind, (confirmed_at IS NULL)) WHERE removed_at IS NULL AND kind <> 'passkey' DO NOTHING`,
    [id, personId],
  );
  const [row] = await database.query<{ id: string }[]>(
    `SELECT id FROM authenticators WHERE person_id = $1 AND kind = 'email' AND confirmed_at IS NULL AND removed_at IS NULL`,
    [personId],
  );
  if (!row) throw new Error('Nothing counts the codes.');
  return row.id;
}
