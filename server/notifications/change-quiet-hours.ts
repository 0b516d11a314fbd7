import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { QuietHours } from '../contracts/notifications.js';
import type { PersonCaller } from '../platform/http/access.js';
import { minutesOf } from './domain/quiet-hours.js';
import { readQuietHours, writeQuietHours } from './store/budget.js';

/** A person's own time zone, in which messages name times, and the hours in which messages about others wait. */
export class ChangeQuietHours {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  read(personId: string): Promise<QuietHours> {
    return readQuietHours(this.database, personId);
  }

  /** What is held already goes on waiting until it is looked at again. Audited, as whoever takes an account over could quieten it. */
  async change(caller: PersonCaller, hours: QuietHours, ip: string): Promise<QuietHours> {
    const { personId } = caller;
    const { timeZone, quiet } = hours;
    const begins = quiet && minutesOf(quiet.begins);
    const ends = quiet && minutesOf(quiet.ends);
    await this.database.transaction(async (tx) => {
      await writeQuietHours(tx, personId, { timeZone, begins, ends });
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'quiet_hours.changed',
        target: { kind: 'person', id: personId },
        detail: { timeZone, quiet: quiet && `${quiet.begins}–${quiet.ends}` },
        ip,
      });
    });
    return this.read(personId);
  }
}
