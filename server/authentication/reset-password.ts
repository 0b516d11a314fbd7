import type { DataSource, EntityManager } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import type { LinkView } from '../contracts/passwords.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { forgetTrust } from '../devices/forget-trust.js';
import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import { InTurn } from '../platform/in-turn.js';
import type { Revoke } from '../sessions/revoke.js';
import { claimLink, lookAtLink } from './account-links.js';
import type { CancelRecovery } from './cancel-recovery.js';
import { isTwoStep } from './domain/required-factors.js';
import { findAccountById } from './find-account.js';
import type { HashPassword } from './hash-password.js';
import { demandsOn, isShort } from './password-demands.js';
import { type LinkPurpose, voidLinks } from './store/account-links.js';
import { lockPerson } from './store/lock-person.js';
import { markMailedPassword, type PasswordAccount, readPasswordAccount, storePassword } from './store/passwords.js';
import { lockSignIns } from './store/sign-ins.js';

const purposes = ['reset_password', 'invitation'] as const satisfies readonly LinkPurpose[];

type Source = { ip: string; userAgent: string | undefined };
type Parts = {
  database: DataSource;
  passwords: HashPassword;
  revocations: Revoke;
  recoveries: CancelRecovery;
  notifications: NotifyPerson;
  audit: AppendAudit;
  now: () => number;
};

/**
 * Sets a password by a mailed link. It opens no session: the person signs in afterwards, with every factor that the account has, so a
 * mailbox alone is never enough. Nor is it for a recovery, which is mailed too: one that is under way ends.
 */
export class ResetPassword {
  private readonly turns = new InTurn();

  constructor(private readonly parts: Parts) {}

  /** What the link is for, and the rules of the account; uses nothing up. @throws Refusal `link_invalid` */
  async look(token: string): Promise<LinkView> {
    const link = await lookAtLink(this.parts.database, token, purposes);
    const account = await this.accountOf(link.personId);
    const purpose = link.purpose === 'invitation' ? 'invitation' : 'reset_password';
    return { purpose, name: account.name, email: account.email, ...(await demandsOn(this.parts.database, account)) };
  }

  /** @throws Refusal `link_invalid`, `weak_password`; `unavailable` when too many hash */
  async reset(token: string, password: string, origin: Source): Promise<void> {
    // Where many use one link at once, all but the first are refused without the work of a hash, and crowd nobody out.
    await this.turns.run(sha256(token).toString('base64url'), () => this.resetAlone(token, password, origin));
  }

  private async resetAlone(token: string, password: string, origin: Source): Promise<void> {
    // Looked at first: hashing is dear, and a link must survive a password that is refused.
    const link = await lookAtLink(this.parts.database, token, purposes);
    const account = await this.accountOf(link.personId);
    const hash = await this.parts.passwords.hashNew(password, await demandsOn(this.parts.database, account));
    const chosen = { hash, short: await isShort(this.parts.database, password) };
    await this.parts.database.transaction(async (tx) => {
      // In the order in which a recovery takes them, and whoever disables the person and voids this link.
      await lockSignIns(tx, account.id);
      await lockPerson(tx, account.id);
      const claimed = await claimLink(tx, token, purposes);
      if (!(await storePassword(tx, claimed.personId, chosen))) throw new Refusal('link_invalid');
      await voidLinks(tx, claimed.personId, purposes);
      if (isTwoStep(await findAccountById(tx, account.id))) await this.keepFromRecovery(tx, account, origin.ip);
      await this.conclude(tx, account, origin, { token, first: link.purpose === 'invitation' });
    });
  }

  private async keepFromRecovery(tx: EntityManager, { id, name }: PasswordAccount, ip: string): Promise<void> {
    await markMailedPassword(tx, id);
    const how = 'A new password was set by a mailed link, and mail alone is not enough to recover an account.';
    await this.parts.recoveries.within(tx, id, { actor: { kind: 'person', id, name }, how, ip, settles: true });
  }

  private async conclude(
    tx: EntityManager,
    account: PasswordAccount,
    origin: Source,
    { token, first }: { token: string; first: boolean },
  ): Promise<void> {
    const actor = { kind: 'person', id: account.id, name: account.name } as const;
    await this.parts.revocations.revokeWithin(tx, {
      select: { personId: account.id },
      by: actor,
      endReason: 'password_changed',
      ip: origin.ip,
    });
    await forgetTrust(tx, account.id);
    await this.parts.audit.append(tx, {
      actor,
      action: account.passwordHash === null ? 'password.set' : 'password.reset',
      target: { kind: 'person', id: account.id },
      ip: origin.ip,
    });
    await this.parts.notifications.notify(tx, account.id, {
      kind: 'password_changed',
      payload: { circumstances: circumstancesOf(origin, this.parts.now()), by: null, first },
      dedupKey: `password_changed:${sha256(token).toString('base64url')}`,
    });
  }

  /** A disabled account's links are worth nothing. */
  private async accountOf(personId: string): Promise<PasswordAccount> {
    const account = await readPasswordAccount(this.parts.database, personId);
    if (!account || account.disabled) throw new Refusal('link_invalid');
    return account;
  }
}
