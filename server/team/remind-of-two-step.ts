import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import { REMINDER_DAYS, type Reminded } from '../contracts/team.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { hasTwoStep, personState } from '../people/person-columns.js';
import { requireReport } from '../people/reporting-line.js';

/** Sends people who report to a manager a mail about two-step sign-in. */
export class RemindOfTwoStep {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
    private readonly notifications: NotifyPerson,
  ) {}

  /**
   * Once a week for each person, whoever asks: their row decides between two managers who press at once. Who has it, can't sign in here or
   * was reminded lately is passed over.
   * @throws Refusal `not_found` when anybody of them does not report to this manager; then nobody is reminded
   */
  async remind(by: Actor & { id: string }, personIds: readonly string[]): Promise<Reminded> {
    const ids = [...new Set(personIds)].sort();
    return this.database.transaction(async (tx) => {
      for (const id of ids) await requireReport(tx, by.id, id);
      const due = await tx.query<{ id: string }[]>(
        `INSERT INTO two_step_reminders AS r (person_id)
         SELECT p.id FROM people p WHERE p.id = ANY($1) AND NOT p.simulated AND ${personState} = 'active' AND NOT ${hasTwoStep} ORDER BY p.id
         ON CONFLICT (person_id) DO UPDATE SET reminded_at = now() WHERE r.reminded_at < now() - interval '${REMINDER_DAYS} days'
         RETURNING person_id AS id`,
        [ids],
      );
      for (const { id } of due)
        await this.notifications.notify(tx, id, {
          kind: 'two_step_reminder',
          payload: { by: by.name },
          dedupKey: `two_step_reminder:${randomUUID()}`,
        });
      await this.audit.appendAll(
        tx,
        due.map(({ id }) => ({ actor: by, action: 'person.reminded', target: { kind: 'person', id } })),
      );
      return { reminded: due.length, skipped: ids.length - due.length };
    });
  }
}
