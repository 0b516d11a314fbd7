import type { DataSource } from 'typeorm';
import type { FactorOption, SentCode, SentFactor, StepUpAnswer } from '../contracts/factors.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Limit, Limits } from '../platform/limits.js';
import type { CheckedFactor, CheckFactor } from './check-factor.js';
import { factorOptions } from './describe-factors.js';
import { sufficientProof } from './domain/required-factors.js';
import { type Account, findAccountById } from './find-account.js';
import type { HashPassword } from './hash-password.js';
import type { Origin } from './open-session.js';
import type { Passkeys } from './passkeys.js';
import { PasswordTries } from './password-tries.js';
import { raiseSession } from './raise-session.js';

/** Wrong passwords typed into a session that is open already. */
const PASSWORD_LIMIT: Limit = { name: 'step-up:password', points: 8, seconds: 900, blockSeconds: 300 };

/** Confirms in the middle of a session that it is still its owner, for what is too sensitive to do on a session alone. */
export class StepUp {
  private readonly tries: PasswordTries;

  constructor(
    private readonly database: DataSource,
    private readonly factors: CheckFactor,
    private readonly passkeys: Passkeys,
    private readonly passwords: HashPassword,
    private readonly limiter: Limits,
    private readonly now: () => number,
  ) {
    this.tries = new PasswordTries(limiter);
  }

  /** The ways that would do, the preferred one first. */
  async options(caller: PersonCaller): Promise<FactorOption[]> {
    const account = await findAccountById(this.database, caller.personId);
    const { factors } = sufficientProof(account);
    if (factors.includes('password')) return [{ factor: 'password', name: 'Password', weaker: false, preferred: true }];
    return (await factorOptions(this.database, account)).filter(({ factor }) => factors.includes(factor));
  }

  passkeyOptions(caller: PersonCaller): Promise<{ challenge: string }> {
    return this.passkeys.authenticationOptions({ purpose: 'confirm', id: caller.sessionId }, caller.personId);
  }

  /** Sends a code for this session only. @throws Refusal `step_up_required` where it would not do, and as {@link CheckFactor.sendCode} */
  async sendCode(caller: PersonCaller, factor: SentFactor, origin: Origin): Promise<SentCode> {
    const account = await findAccountById(this.database, caller.personId);
    const { factors } = sufficientProof(account);
    if (!factors.includes(factor)) throw new Refusal('step_up_required', { factors });
    return this.factors.sendCode(account, factor, caller.sessionId, origin);
  }

  /**
   * Takes a proof and gives the session a new token; the former one is dead.
   * @returns the new token
   * @throws Refusal `step_up_required` when the factor is too weak, otherwise as for signing in
   */
  async confirm(caller: PersonCaller, answer: StepUpAnswer): Promise<string> {
    const account = await findAccountById(this.database, caller.personId);
    const { factors } = sufficientProof(account);
    if (!factors.includes(answer.factor)) throw new Refusal('step_up_required', { factors });
    const checked =
      answer.factor === 'password'
        ? await this.checkPassword(account, answer.password, caller.sessionId)
        : await this.factors.check(account, answer, { purpose: 'confirm', id: caller.sessionId });
    return this.database.transaction(async (tx) => {
      if (!(await checked.spend(tx))) throw new Refusal('wrong_code');
      return raiseSession(tx, caller.sessionId, account, checked.proof, this.now());
    });
  }

  /** @throws Refusal `wrong_credentials`, `too_many_tries`, `password_locked` */
  async checkPassword(account: Account, password: string, sessionId: string): Promise<CheckedFactor> {
    const inARow = { of: account.id, changedAt: account.passwordChangedAt, at: sessionId };
    await this.limiter.take(PASSWORD_LIMIT, account.id);
    await this.tries.count(inARow);
    if (!(await this.passwords.matches(password, account.passwordHash))) throw new Refusal('wrong_credentials');
    await this.limiter.giveBack(PASSWORD_LIMIT, account.id);
    await this.tries.forget(inARow);
    return { proof: 'password', spend: () => Promise.resolve(true) };
  }
}
