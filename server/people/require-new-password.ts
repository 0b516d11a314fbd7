import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import type { DemandLongerPassword } from '../authentication/demand-longer-password.js';
import { findAccountById } from '../authentication/find-account.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { Revocation, Revoke } from '../sessions/revoke.js';
import type { ChangeOrigin } from './carry-out-changes.js';
import { lockPerson } from './lock-person.js';

/** Demands a new password of somebody whose old one may be known to others. */
export class RequireNewPassword {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
    private readonly revocations: Revoke,
    private readonly notifications: NotifyPerson,
    private readonly demands: DemandLongerPassword,
  ) {}

  /**
   * Ends every session; those opened until the password is changed reach nothing else. Once more changes nothing.
   * @returns what was ended, if anything was
   * @throws Refusal `not_found`, `illegal_transition` where there is no password to change
   */
  async require(id: string, reason: string | undefined, { by, ip }: ChangeOrigin): Promise<Revocation | undefined> {
    return this.database.transaction(async (tx) => {
      const person = await lockPerson(tx, id);
      if (!person.hasPassword)
        throw new Refusal('illegal_transition', { detail: `${person.name} has no password yet.` });
      if (person.passwordChangeRequired) return undefined;
      await tx.query('UPDATE people SET password_change_required_at = now() WHERE id = $1', [id]);
      const revocation = await this.revocations.revokeWithin(tx, {
        select: { personId: id },
        by,
        endReason: 'policy',
        reason,
        ip,
      });
      await this.audit.append(tx, {
        actor: by,
        action: 'password.change_required',
        target: { kind: 'person', id },
        detail: {
          name: person.name,
          before: { newPasswordRequired: false },
          after: { newPasswordRequired: true },
          reason: reason ?? null,
        },
        ip,
      });
      await this.notifications.notify(tx, id, {
        kind: 'password_change_required',
        payload: { by: by.name, reason: reason ?? null },
        dedupKey: `password_change_required:${randomUUID()}`,
      });
      return revocation;
    });
  }

  /**
   * Takes a demand back that was made in these times, in the transaction of the caller. The old password counts again, unless it is too
   * short to do alone; sessions that the demand ended stay ended.
   * @returns false where nothing was demanded then, somebody demanded it once more later, or a new password was chosen
   */
  async lift(
    tx: EntityManager,
    id: string,
    made: { from: Date; to: Date },
    { by, ip }: ChangeOrigin,
  ): Promise<boolean> {
    const person = await lockPerson(tx, id);
    const [, count] = await tx.query<[unknown, number]>(
      'UPDATE people SET password_change_required_at = NULL WHERE id = $1 AND password_change_required_at BETWEEN $2 AND $3',
      [id, made.from, made.to],
    );
    if (count === 0) return false;
    await this.audit.append(tx, {
      actor: by,
      action: 'password.change_lifted',
      target: { kind: 'person', id },
      detail: { name: person.name, before: { newPasswordRequired: true }, after: { newPasswordRequired: false } },
      ip,
    });
    await this.demands.where(tx, await findAccountById(tx, id), ip);
    await notify(tx, 'people_changed', {});
    return true;
  }
}
