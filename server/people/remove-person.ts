import { randomBytes } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import { notify } from '../platform/database/listener.js';
import type { ChangeOrigin } from './carry-out-changes.js';
import type { DisablePerson } from './disable-person.js';
import { lockPerson } from './lock-person.js';
import { erasePerson, namesOf, unnameAttempts } from './store/erase-person.js';

/** Deletes people with their data. */
export class RemovePerson {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
    private readonly disabling: DisablePerson,
  ) {}

  /**
   * The way in is shut first. Then attempts lose the name, which may take minutes and so holds nobody up; at last the person goes.
   * Repeating it after an interruption finishes it. What stays: entries of the audit log, which could not be checked without them,
   * and attempts under a made-up name that leads back to nobody.
   * @throws Refusal `not_found`, `last_admin`
   */
  async remove(id: string, origin: ChangeOrigin): Promise<void> {
    await this.disabling.disable(id, 'To be deleted', origin);
    const alias = `removed-${randomBytes(4).toString('hex')}`;
    const unnamed = await this.database.transaction(async (tx) => unnameAttempts(tx, id, await namesOf(tx, id), alias));
    await this.database.transaction(async (tx) => {
      const person = await lockPerson(tx, id);
      const names = await namesOf(tx, id);
      const since = await unnameAttempts(tx, id, [], alias);
      await erasePerson(tx, id, names, alias);
      const { name, email, role } = person;
      await this.audit.append(tx, {
        actor: origin.by,
        action: 'person.removed',
        target: { kind: 'person', id },
        detail: { name, before: { email, role }, after: null, attemptsWithoutName: unnamed + since },
        ip: origin.ip,
      });
      await notify(tx, 'people_changed', {});
    });
  }
}
