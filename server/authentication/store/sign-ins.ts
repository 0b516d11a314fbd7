import type { Queryable } from '../../platform/database/data-source.js';
import type { Proof } from '../domain/assurance.js';

export type SignInRow = {
  id: string;
  personId: string;
  proofs: Proof[];
  expiresAt: Date;
  shared: boolean;
  /** What was decided about it; null where it could not be asked. */
  assessmentId: string | null;
};

/** How long a person has to show the second factor, in minutes. */
const SIGN_IN_MINUTES = 10;

/** Begins a sign-in that has proved something; one that the person's browser had before is replaced by the new cookie and runs out. */
export async function insertSignIn(
  database: Queryable,
  signIn: Omit<SignInRow, 'proofs' | 'expiresAt'> & { tokenHash: Buffer; proofs: readonly Proof[] },
): Promise<void> {
  await database.query(
    `INSERT INTO sign_ins (id, token_hash, person_id, proofs, expires_at, shared, assessment_id)
     VALUES ($1, $2, $3, $4, now() + make_interval(mins => $5), $6, $7)`,
    [signIn.id, signIn.tokenHash, signIn.personId, signIn.proofs, SIGN_IN_MINUTES, signIn.shared, signIn.assessmentId],
  );
}

const columns =
  'id, person_id AS "personId", proofs, expires_at AS "expiresAt", shared, assessment_id AS "assessmentId"';

export async function readSignIn(database: Queryable, tokenHash: Buffer): Promise<SignInRow | undefined> {
  const [row] = await database.query<SignInRow[]>(
    `SELECT ${columns} FROM sign_ins WHERE token_hash = $1 AND expires_at > now()`,
    [tokenHash],
  );
  return row;
}

/** Takes the sign-in out of the way of every other request for it; undefined when it is over already. */
export async function claimSignIn(tx: Queryable, id: string): Promise<SignInRow | undefined> {
  const [row] = await tx.query<SignInRow[]>(
    `SELECT ${columns} FROM sign_ins WHERE id = $1 AND expires_at > now() FOR UPDATE`,
    [id],
  );
  return row;
}

/**
 * Keeps every sign-in of a person from going on until the transaction ends. Taken before anything else by whoever is going to end
 * them all: two that each hold their own and want the other's would wait for each other.
 */
export async function lockSignIns(tx: Queryable, personId: string): Promise<void> {
  await tx.query('SELECT FROM sign_ins WHERE person_id = $1 ORDER BY id FOR UPDATE', [personId]);
}

export async function deleteSignIn(database: Queryable, id: string): Promise<void> {
  await database.query('DELETE FROM sign_ins WHERE id = $1', [id]);
}

export async function deleteOverdueSignIns(database: Queryable): Promise<void> {
  await database.query('DELETE FROM sign_ins WHERE expires_at <= now()');
}
