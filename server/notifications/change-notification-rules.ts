import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { NotificationRules } from '../contracts/notifications.js';
import type { PersonCaller } from '../platform/http/access.js';
import { selectRules, updateRules } from './store/notification-rules.js';

/** Shows and sets how people are told. */
export class ChangeNotificationRules {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  read(): Promise<NotificationRules> {
    return selectRules(this.database);
  }

  /** What is waiting already keeps the time that it was given. */
  async change(caller: PersonCaller, rules: NotificationRules, ip: string): Promise<NotificationRules> {
    await this.database.transaction(async (tx) => {
      const before = await selectRules(tx, true);
      await updateRules(tx, rules);
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'notification_rules.changed',
        target: { kind: 'policy', id: null },
        detail: { before, after: rules },
        ip,
      });
    });
    return this.read();
  }
}
