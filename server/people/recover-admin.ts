import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { raisePlainAlert } from '../alerts/raise-plain-alert.js';
import { type AppendAudit, cliActor } from '../audit/append-audit.js';
import { withdrawLinks } from '../authentication/account-links.js';
import { dropChallenge } from '../authentication/challenge-next.js';
import { dropFactors } from '../authentication/drop-factors.js';
import type { HashPassword } from '../authentication/hash-password.js';
import { forgetTrust } from '../devices/forget-trust.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import { normaliseSubject } from '../platform/subject.js';
import type { Revoke } from '../sessions/revoke.js';
import { lockPerson } from './lock-person.js';
import { idOfAddress } from './store/people.js';

type Parts = {
  database: DataSource;
  passwords: HashPassword;
  audit: AppendAudit;
  revocations: Revoke;
  notifications: NotifyPerson;
  now: () => number;
};

/** The emergency way in, for whoever has the machine. It can't be used in silence: all staff see an alert, all administrators get mail. */
export class RecoverAdmin {
  constructor(private readonly parts: Parts) {}

  /**
   * Gives an administrator a new password that must be changed at once, takes off second factors, lets a disabled one in again, and ends
   * what was open.
   * @returns the person's id and name
   * @throws Refusal `not_found`, `forbidden` for somebody who is no administrator, `weak_password`
   */
  async recover(email: string, password: string): Promise<{ id: string; name: string }> {
    const hash = await this.parts.passwords.hashNew(password, { minimum: 1, words: [] });
    const { database, revocations } = this.parts;
    return database.transaction(async (tx) => {
      const person = await lockPerson(tx, await idOfAddress(tx, normaliseSubject(email)));
      const { id, name } = person;
      if (person.role !== 'admin' || person.simulated)
        throw new Refusal('forbidden', { detail: `${email} is no administrator.` });
      await tx.query(
        `UPDATE people SET password_hash = $2, password_changed_at = now(), password_change_required_at = now(), password_mailed_at = NULL, password_short = false, disabled_at = NULL WHERE id = $1`,
        [id, hash],
      );
      await withdrawLinks(tx, id);
      const factors = await dropFactors(tx, id);
      const reason = 'gatehouse admin recover';
      await revocations.revokeWithin(tx, { select: { personId: id }, by: cliActor, endReason: 'policy', reason });
      await forgetTrust(tx, id);
      await dropChallenge(tx, id);
      await this.tell(tx, person, factors);
      return { id, name };
    });
  }

  private async tell(
    tx: Parameters<AppendAudit['append']>[0],
    { id, name, email, disabled, passwordChangeRequired }: Awaited<ReturnType<typeof lockPerson>>,
    factors: readonly string[],
  ): Promise<void> {
    const { audit, notifications, now } = this.parts;
    await audit.append(tx, {
      actor: cliActor,
      action: 'admin.recovered',
      target: { kind: 'person', id },
      detail: {
        name,
        before: { disabled, newPasswordRequired: passwordChangeRequired, factors: factors.join(', ') },
        after: { disabled: false, newPasswordRequired: true, factors: '', password: 'replaced' },
      },
    });
    // Each use is one of its own.
    const event = randomUUID();
    await raisePlainAlert(tx, { kind: 'break-glass', severity: 'critical', event, subject: email, personId: id });
    await notifications.notifyRoles(tx, ['admin'], {
      kind: 'break_glass_used',
      payload: { circumstances: { at: new Date(now()).toISOString(), ip: null, client: null, place: null }, email },
      dedupKey: `break_glass_used:${randomUUID()}`,
    });
    await notify(tx, 'people_changed', {});
  }
}
