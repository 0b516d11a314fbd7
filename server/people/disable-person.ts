import type { DataSource } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import { withdrawLinks } from '../authentication/account-links.js';
import { notify } from '../platform/database/listener.js';
import type { Revoke } from '../sessions/revoke.js';
import type { ChangeOrigin } from './carry-out-changes.js';
import { lockPerson, requireAnotherAdmin } from './lock-person.js';

/** Shuts people out and lets them in again. */
export class DisablePerson {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
    private readonly revocations: Revoke,
  ) {}

  /**
   * Ends every session and mailed link. Sign-in is then refused exactly as a wrong password is. Once more changes nothing.
   * @throws Refusal `not_found`, `last_admin`
   */
  async disable(id: string, reason: string | undefined, { by, ip }: ChangeOrigin): Promise<void> {
    await this.database.transaction(async (tx) => {
      const person = await lockPerson(tx, id);
      if (person.disabled) return;
      await requireAnotherAdmin(tx, person);
      await tx.query('UPDATE people SET disabled_at = now() WHERE id = $1', [id]);
      await withdrawLinks(tx, id);
      await this.revocations.revokeWithin(tx, {
        select: { personId: id },
        by,
        endReason: 'account_disabled',
        reason,
        ip,
      });
      await this.audit.append(tx, {
        actor: by,
        action: 'person.disabled',
        target: { kind: 'person', id },
        detail: { name: person.name, before: { disabled: false }, after: { disabled: true }, reason: reason ?? null },
        ip,
      });
      await notify(tx, 'people_changed', {});
    });
  }

  /** The password stays as it was. Once more changes nothing. @throws Refusal `not_found` */
  async enable(id: string, reason: string | undefined, { by, ip }: ChangeOrigin): Promise<void> {
    await this.database.transaction(async (tx) => {
      const person = await lockPerson(tx, id);
      if (!person.disabled) return;
      await tx.query('UPDATE people SET disabled_at = NULL WHERE id = $1', [id]);
      await this.audit.append(tx, {
        actor: by,
        action: 'person.enabled',
        target: { kind: 'person', id },
        detail: { name: person.name, before: { disabled: true }, after: { disabled: false }, reason: reason ?? null },
        ip,
      });
      await notify(tx, 'people_changed', {});
    });
  }
}
