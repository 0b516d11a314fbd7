import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { NotifyPerson } from './notify-person.js';

/** Sends an administrator a message, to see that mail works. */
export class SendTest {
  constructor(
    private readonly database: DataSource,
    private readonly notifications: NotifyPerson,
    private readonly audit: AppendAudit,
  ) {}

  async send(caller: PersonCaller, ip: string): Promise<void> {
    await this.database.transaction(async (tx) => {
      await this.notifications.notify(tx, caller.personId, {
        kind: 'test_message',
        payload: {},
        dedupKey: `test_message:${randomUUID()}`,
      });
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'mail.tested',
        target: { kind: 'person', id: caller.personId },
        ip,
      });
    });
  }
}
