import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { type AppendAudit, systemActor } from '../audit/append-audit.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { readPasswordRules } from '../policies/password-rules.js';
import { isNeverAlone } from './domain/required-factors.js';
import type { Account } from './find-account.js';
import { demandNewPassword } from './store/passwords.js';

/** Whether the password is too short to do alone, and no second factor is enforced any more. */
export const isTooShort = (account: Account): boolean => account.passwordShort && !isNeverAlone(account);

/** Demands a new password where it {@link isTooShort}: rules and factors change after a password was chosen. */
export class DemandLongerPassword {
  constructor(
    private readonly audit: AppendAudit,
    private readonly notifications: NotifyPerson,
  ) {}

  /**
   * Every session of the person is confined to changing the password; once, as what is demanded already isn't demanded again. Nobody
   * asked for it, so the audit log and a mail say why.
   * @param account as it stands now
   * @param ip of the request that it follows from
   */
  async where(tx: EntityManager, account: Account, ip: string | null): Promise<void> {
    if (!isTooShort(account) || !(await demandNewPassword(tx, account.id))) return;
    const { passwordMinimum: minimum } = await readPasswordRules(tx);
    await this.audit.append(tx, {
      actor: systemActor,
      action: 'password.change_required',
      target: { kind: 'person', id: account.id },
      detail: {
        name: account.name,
        before: { newPasswordRequired: false },
        after: { newPasswordRequired: true },
        reason: `Short for a password that is asked alone: no app or passkey is enforced any more. A new one has ${minimum} characters or more.`,
      },
      ip,
    });
    await this.notifications.notify(tx, account.id, {
      kind: 'longer_password_required',
      payload: { minimum },
      dedupKey: `longer_password_required:${randomUUID()}`,
    });
  }
}
