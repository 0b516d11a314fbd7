import type { Queryable } from '../../platform/database/data-source.js';

export type PasskeyRow = {
  authenticatorId: string;
  personId: string;
  credentialId: string;
  publicKey: Buffer;
  signCount: number;
  transports: string[];
};
export type ChallengePurpose = 'register' | 'sign_in' | 'confirm' | 'unlock';

/** How long a browser may take over a challenge, in minutes. */
const CHALLENGE_MINUTES = 5;

/** @param boundTo the sign-in, session or person that alone may answer; null for a sign-in by passkey, where nobody is known yet */
export async function insertChallenge(
  database: Queryable,
  challenge: string,
  purpose: ChallengePurpose,
  boundTo: string | null,
): Promise<void> {
  await database.query(
    'INSERT INTO passkey_challenges (challenge, purpose, bound_to, expires_at) VALUES ($1, $2, $3, now() + make_interval(mins => $4))',
    [challenge, purpose, boundTo, CHALLENGE_MINUTES],
  );
}

/** Takes a challenge out, so that it is answered once. @returns false when it isn't there, is over, or belongs elsewhere */
export async function takeChallenge(
  database: Queryable,
  challenge: string,
  purpose: ChallengePurpose,
  boundTo: string | null,
): Promise<boolean> {
  const [, hit] = await database.query<[unknown, number]>(
    'DELETE FROM passkey_challenges WHERE challenge = $1 AND purpose = $2 AND bound_to IS NOT DISTINCT FROM $3::uuid AND expires_at > now()',
    [challenge, purpose, boundTo],
  );
  return hit === 1;
}

const columns = `k.authenticator_id AS "authenticatorId", a.person_id AS "personId", k.credential_id AS "credentialId", k.public_key AS "publicKey",
  k.sign_count::float8 AS "signCount", k.transports FROM passkeys k JOIN authenticators a ON a.id = k.authenticator_id WHERE a.removed_at IS NULL`;

export async function readPasskeysOf(database: Queryable, personId: string): Promise<PasskeyRow[]> {
  return database.query(`SELECT ${columns} AND a.person_id = $1`, [personId]);
}

export async function readPasskey(database: Queryable, credentialId: string): Promise<PasskeyRow | undefined> {
  const [row] = await database.query<PasskeyRow[]>(`SELECT ${columns} AND k.credential_id = $1`, [credentialId]);
  return row;
}

export async function insertPasskey(
  tx: Queryable,
  key: Omit<PasskeyRow, 'personId'> & { aaguid: string; backedUp: boolean },
): Promise<void> {
  await tx.query(
    `INSERT INTO passkeys (authenticator_id, credential_id, public_key, sign_count, transports, aaguid, backed_up) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [key.authenticatorId, key.credentialId, key.publicKey, key.signCount, key.transports, key.aaguid, key.backedUp],
  );
}

export async function writeSignCount(tx: Queryable, authenticatorId: string, signCount: number): Promise<void> {
  await tx.query('UPDATE passkeys SET sign_count = $2 WHERE authenticator_id = $1', [authenticatorId, signCount]);
}

export async function deleteOverdueChallenges(database: Queryable): Promise<void> {
  await database.query('DELETE FROM passkey_challenges WHERE expires_at <= now()');
}
