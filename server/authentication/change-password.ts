import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { PasswordState } from '../contracts/passwords.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Limit, Limits } from '../platform/limits.js';
import type { Revoke } from '../sessions/revoke.js';
import { renewToken } from '../sessions/rotate-session.js';
import { isTooShort } from './demand-longer-password.js';
import { findAccountById } from './find-account.js';
import type { HashPassword } from './hash-password.js';
import type { PasswordTries } from './password-tries.js';
import { demandsOn, isShort } from './password-demands.js';
import { voidLinks } from './store/account-links.js';
import { type PasswordAccount, readPasswordAccount, storePassword } from './store/passwords.js';

/** Whoever sits at an open session must not try passwords there at leisure. */
const currentLimit: Limit = { name: 'password:current', points: 8, seconds: 900, blockSeconds: 900 };

type Parts = {
  database: DataSource;
  passwords: HashPassword;
  limiter: Limits;
  tries: PasswordTries;
  revocations: Revoke;
  notifications: NotifyPerson;
  audit: AppendAudit;
  now: () => number;
};

/** Changes the own password. All other sessions end: whoever had the old password is out. */
export class ChangePassword {
  constructor(private readonly parts: Parts) {}

  async state(personId: string): Promise<PasswordState> {
    const account = await this.accountOf(personId);
    const { database } = this.parts;
    const tooShort = isTooShort(await findAccountById(database, personId));
    return { changedAt: account.changedAt?.toISOString() ?? null, tooShort, ...(await demandsOn(database, account)) };
  }

  /**
   * @returns the session's new token: whoever copied the former one is out too
   * @throws Refusal `wrong_password`, `weak_password`, `too_many_tries`, `password_locked`, `conflict` when it was changed elsewhere at the same time; `session_ended`
   */
  async change(
    caller: PersonCaller,
    { current, next }: { current: string; next: string },
    origin: { ip: string; userAgent: string | undefined },
  ): Promise<string> {
    const account = await this.accountOf(caller.personId);
    const { database, revocations, audit, notifications, now } = this.parts;
    const hash = await this.checkedHash(account, caller.sessionId, { current, next });
    const chosen = { hash, short: await isShort(database, next) };
    return database.transaction(async (tx) => {
      if (!(await storePassword(tx, account.id, chosen, account.passwordHash))) throw new Refusal('conflict');
      await voidLinks(tx, account.id, ['reset_password', 'invitation']);
      await revocations.revokeWithin(tx, {
        select: { personId: account.id, exceptSessionId: caller.sessionId },
        by: actorOf(caller),
        endReason: 'password_changed',
        ip: origin.ip,
      });
      await audit.append(tx, {
        actor: actorOf(caller),
        action: 'password.changed',
        target: { kind: 'person', id: account.id },
        ip: origin.ip,
      });
      await notifications.notify(tx, account.id, {
        kind: 'password_changed',
        payload: { circumstances: circumstancesOf(origin, now()), by: null },
        dedupKey: `password_changed:${randomUUID()}`,
      });
      const token = await renewToken(tx, caller.sessionId);
      if (token === undefined) throw new Refusal('session_ended');
      return token;
    });
  }

  private async checkedHash(
    account: PasswordAccount,
    sessionId: string,
    { current, next }: { current: string; next: string },
  ): Promise<string> {
    const { limiter, tries, passwords } = this.parts;
    const inARow = { of: account.id, changedAt: account.changedAt, at: sessionId };
    await limiter.take(currentLimit, account.id);
    await tries.count(inARow);
    if (!(await passwords.matches(current, account.passwordHash))) throw new Refusal('wrong_password');
    await limiter.giveBack(currentLimit, account.id);
    await tries.forget(inARow);
    if (next.normalize('NFC') === current.normalize('NFC'))
      throw new Refusal('weak_password', {
        errors: [{ path: 'password', message: 'This is the password you have now. Choose another.' }],
      });
    return passwords.hashNew(next, await demandsOn(this.parts.database, account));
  }

  private async accountOf(personId: string): Promise<PasswordAccount> {
    const account = await readPasswordAccount(this.parts.database, personId);
    if (!account) throw new Refusal('not_signed_in');
    return account;
  }
}
