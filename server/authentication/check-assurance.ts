import type { DataSource } from 'typeorm';
import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller, SignInCaller } from '../platform/http/access.js';
import { readProof } from '../sessions/read-proof.js';
import { FRESH_MINUTES } from '../sessions/rotate-session.js';
import { sufficientProof } from './domain/required-factors.js';
import { findAccountById } from './find-account.js';
import { readSignIn } from './store/sign-ins.js';

/** Says for the gate what a request has proved beyond holding a session. */
export class CheckAssurance {
  constructor(private readonly database: DataSource) {}

  /** The sign-in that a token stands for. @throws Refusal `sign_in_expired` */
  async signIn(token: string | undefined): Promise<SignInCaller> {
    const row = token === undefined ? undefined : await readSignIn(this.database, sha256(token));
    if (!row) throw new Refusal('sign_in_expired');
    const { id: signInId, personId, expiresAt, shared, assessmentId } = row;
    return { signInId, personId, expiresAt, shared, assessmentId };
  }

  /**
   * Lets a sensitive action pass when the strongest kind of factor that the account has was shown lately.
   * @throws Refusal `step_up_required`, with what would do
   */
  async requireFresh(caller: PersonCaller): Promise<void> {
    const account = await findAccountById(this.database, caller.personId);
    const proof = await readProof(this.database, caller.sessionId);
    const { strength, factors } = sufficientProof(account);
    if (proof && proof.ageSeconds <= FRESH_MINUTES * 60 && proof.strength >= strength) return;
    throw new Refusal('step_up_required', { factors });
  }
}
