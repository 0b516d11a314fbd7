import type { DataSource } from 'typeorm';
import type { Me, UnlockAnswer } from '../contracts/authentication.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import { lockSession, unlockSession } from '../sessions/lock-session.js';
import type { CheckedFactor } from './check-factor.js';
import { type Account, findAccountById } from './find-account.js';
import type { NoteAttempt } from './note-attempt.js';
import type { Origin } from './open-session.js';
import type { Passkeys } from './passkeys.js';
import type { StepUp } from './step-up.js';

/** What opens a locked session of this account again. */
export const unlockFactors = ({ passwordHash, bound }: Account): Me['lock']['factors'] => [
  ...(passwordHash === null ? [] : (['password'] as const)),
  ...(bound.includes('passkey') ? (['passkey'] as const) : []),
];

/** Locks a session and opens it again for its owner. Passwords are limited as in a step-up, and wrong ones stand in the person's activity. */
export class LockOwnSession {
  constructor(
    private readonly database: DataSource,
    private readonly passkeys: Passkeys,
    private readonly stepUp: StepUp,
    private readonly attempts: NoteAttempt,
  ) {}

  /** On every server at once. */
  lock(caller: PersonCaller): Promise<void> {
    return lockSession(this.database, caller.sessionId);
  }

  passkeyOptions(caller: PersonCaller): Promise<{ challenge: string }> {
    return this.passkeys.authenticationOptions({ purpose: 'unlock', id: caller.sessionId }, caller.personId);
  }

  /**
   * @returns the new token; null when the session was not locked any more and keeps the one it has
   * @throws Refusal `wrong_credentials`, `passkey_failed`, `too_many_tries`, `session_ended`
   */
  async unlock(caller: PersonCaller, answer: UnlockAnswer, origin: Origin): Promise<string | null> {
    const account = await findAccountById(this.database, caller.personId);
    const checked =
      answer.factor === 'password'
        ? await this.checkPassword(account, answer.password, caller.sessionId, origin)
        : await this.passkeys.check(answer.response, { purpose: 'unlock', id: caller.sessionId }, caller.personId);
    return this.database.transaction(async (tx) => {
      if (!(await checked.spend(tx))) throw new Refusal('passkey_failed');
      const token = await unlockSession(tx, caller.sessionId);
      if (token === undefined) throw new Refusal('session_ended');
      return token;
    });
  }

  private async checkPassword(
    account: Account,
    password: string,
    sessionId: string,
    origin: Origin,
  ): Promise<CheckedFactor> {
    try {
      return await this.stepUp.checkPassword(account, password, sessionId);
    } catch (error) {
      const code = error instanceof Refusal ? error.code : undefined;
      if (code === 'wrong_credentials')
        await this.attempts.note(account.email, origin, {
          outcome: 'failure',
          factor: 'password',
          reason: 'wrong_password',
        });
      if (code === 'too_many_tries' || code === 'password_locked')
        await this.attempts.note(account.email, origin, {
          outcome: 'blocked',
          factor: 'password',
          reason: 'too_many_tries',
        });
      throw error;
    }
  }
}
