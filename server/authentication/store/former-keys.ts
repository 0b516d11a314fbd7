import type { AuthenticatorKind } from './authenticators.js';
import type { Queryable } from '../../platform/database/data-source.js';

/** Keys of authenticator apps and phone numbers that were not sealed with the key of this name. */
export async function listSealedOtherwise(
  database: Queryable,
  keyId: string,
  limit: number,
): Promise<{ id: string; kind: AuthenticatorKind; personId: string; secret: string }[]> {
  return database.query(
    `SELECT id, kind, person_id AS "personId", secret FROM authenticators
     WHERE removed_at IS NULL AND secret IS NOT NULL AND split_part(secret, '|', 2) <> $1 LIMIT $2`,
    [keyId, limit],
  );
}

/** Puts a secret in the place of a former one, unless that is no longer there. */
export async function replaceSecret(
  database: Queryable,
  id: string,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await database.query('UPDATE authenticators SET secret = $3 WHERE id = $1 AND secret = $2', [id, from, to]);
}

/** The same for the hash of a password: it is another hash of the same password, so nothing else changes. */
export async function replacePasswordHash(
  database: Queryable,
  personId: string,
  { from, to }: { from: string; to: string },
): Promise<void> {
  await database.query('UPDATE people SET password_hash = $3 WHERE id = $1 AND password_hash = $2', [
    personId,
    from,
    to,
  ]);
}

/** What each key made and still is in use; `keyId` names a pepper or a sealing key. */
export async function countByKey(
  database: Queryable,
): Promise<{ keyId: string; passwords: number; backupCodes: number; sealed: number }[]> {
  return database.query(
    `SELECT "keyId", sum(passwords)::int AS passwords, sum(codes)::int AS "backupCodes", sum(sealed)::int AS sealed FROM (
       SELECT split_part(password_hash, ':', 1) AS "keyId", 1 AS passwords, 0 AS codes, 0 AS sealed FROM people WHERE password_hash IS NOT NULL
       UNION ALL SELECT pepper_id, 0, 1, 0 FROM authenticators WHERE kind = 'backup_codes' AND removed_at IS NULL
       UNION ALL SELECT split_part(secret, '|', 2), 0, 0, 1 FROM authenticators WHERE secret IS NOT NULL AND removed_at IS NULL
       UNION ALL SELECT split_part(sealed, '|', 2), 0, 0, 1 FROM sms_gateway
       UNION ALL SELECT split_part(sealed, '|', 2), 0, 0, 1 FROM webhook
       UNION ALL SELECT split_part(former_sealed, '|', 2), 0, 0, 1 FROM webhook WHERE former_sealed IS NOT NULL
     ) made GROUP BY 1`,
  );
}
