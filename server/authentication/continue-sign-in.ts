import type { DataSource } from 'typeorm';
import type { FactorAnswer, FactorRequired, SentCode, SentFactor } from '../contracts/factors.js';
import { trustDays } from '../devices/recognise-device.js';
import type { ReadOrganisation } from '../organisation/read-organisation.js';
import { Refusal } from '../platform/errors.js';
import type { SignInCaller } from '../platform/http/access.js';
import type { CheckedFactor, CheckFactor } from './check-factor.js';
import { factorOptions } from './describe-factors.js';
import { recoveryOffer } from './describe-recovery.js';
import { stillMissing } from './domain/required-factors.js';
import { type Account, findAccountById } from './find-account.js';
import type { NoteAttempt } from './note-attempt.js';
import type { OpenedSession, OpenSession, Origin } from './open-session.js';
import type { Passkeys } from './passkeys.js';
import { claimSignIn, deleteSignIn } from './store/sign-ins.js';

/** The steps of a sign-in after the password. */
export class ContinueSignIn {
  constructor(
    private readonly database: DataSource,
    private readonly factors: CheckFactor,
    private readonly passkeys: Passkeys,
    private readonly attempts: NoteAttempt,
    private readonly opening: OpenSession,
    private readonly installation: ReadOrganisation,
  ) {}

  /** What is still asked, and the ways to show it. */
  async read(signIn: SignInCaller): Promise<FactorRequired> {
    const account = await findAccountById(this.database, signIn.personId);
    const { name } = await this.installation.read();
    return {
      status: 'factor_required',
      email: account.email,
      organisation: name,
      options: await factorOptions(this.database, account),
      expiresAt: signIn.expiresAt.toISOString(),
      trustDays: signIn.shared ? 0 : await trustDays(this.database),
      recovery: await recoveryOffer(this.database, account.id),
    };
  }

  async passkeyOptions(signIn: SignInCaller): Promise<{ challenge: string }> {
    return this.passkeys.authenticationOptions({ purpose: 'confirm', id: signIn.signInId }, signIn.personId);
  }

  /** Sends a code for this sign-in only. @throws Refusal `wrong_code` where that is no way in, and as {@link CheckFactor.sendCode} */
  async sendCode(signIn: SignInCaller, factor: SentFactor, origin: Origin): Promise<SentCode> {
    const account = await findAccountById(this.database, signIn.personId);
    return this.factors.sendCode(account, factor, signIn.signInId, origin);
  }

  /**
   * Takes the second factor and opens the session; the answer is used up in the same transaction.
   * @throws Refusal `wrong_code`, `passkey_failed`, `too_many_tries`, `factor_locked`, `sign_in_expired`
   */
  async answer(signIn: SignInCaller, answer: FactorAnswer, origin: Origin): Promise<OpenedSession> {
    const account = await findAccountById(this.database, signIn.personId);
    if (account.disabled) throw new Refusal('sign_in_expired');
    try {
      const checked = await this.factors.check(account, answer, { purpose: 'confirm', id: signIn.signInId });
      const session = await this.finish(signIn, account, checked, origin);
      await this.attempts.note(account.email, origin, {
        outcome: 'success',
        factor: answer.factor,
        sessionId: session.sessionId,
        assessmentId: signIn.assessmentId,
      });
      return session;
    } catch (error) {
      await this.noteRefusal(error, account, answer, origin, signIn);
      throw error;
    }
  }

  /** Forgets the sign-in: the person goes back to the start. */
  async cancel(signIn: SignInCaller): Promise<void> {
    await deleteSignIn(this.database, signIn.signInId);
  }

  private async finish(
    { signInId }: SignInCaller,
    account: Account,
    checked: CheckedFactor,
    origin: Origin,
  ): Promise<OpenedSession> {
    return this.database.transaction(async (tx) => {
      const claimed = await claimSignIn(tx, signInId);
      if (!claimed) throw new Refusal('sign_in_expired');
      if (!(await checked.spend(tx))) throw new Refusal('wrong_code');
      const proved = [...claimed.proofs, checked.proof];
      if (stillMissing(proved, account) !== 'nothing') throw new Refusal('wrong_code');
      await deleteSignIn(tx, signInId);
      return this.opening.open(tx, account, proved, origin, claimed.shared);
    });
  }

  private async noteRefusal(
    error: unknown,
    account: Account,
    answer: FactorAnswer,
    origin: Origin,
    { assessmentId }: SignInCaller,
  ): Promise<void> {
    if (!(error instanceof Refusal)) return;
    const wrong = error.code === 'wrong_code' || error.code === 'passkey_failed';
    const blocked = error.code === 'too_many_tries' || error.code === 'factor_locked';
    if (!wrong && !blocked) return;
    await this.attempts.note(account.email, origin, {
      outcome: wrong ? 'failure' : 'blocked',
      factor: answer.factor,
      reason: error.code,
      assessmentId,
    });
  }
}
