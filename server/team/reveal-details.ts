import type { DataSource } from 'typeorm';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import { type Look, REVEAL_MINUTES } from '../contracts/team.js';
import { requireReport } from '../people/reporting-line.js';
import { keepLook, readLooks } from './store/looks.js';

/** Lets a manager see addresses and places of one of their people for a while, against a reason that the person reads. */
export class RevealDetails {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /** @returns until when @throws Refusal `not_found` */
  async reveal(by: Actor & { id: string }, personId: string, reason: string): Promise<Date> {
    return this.database.transaction(async (tx) => {
      await requireReport(tx, by.id, personId);
      const until = await keepLook(tx, { personId, by, reason, minutes: REVEAL_MINUTES });
      await this.audit.append(tx, {
        actor: by,
        action: 'person.details_revealed',
        target: { kind: 'person', id: personId },
        detail: { reason, minutes: REVEAL_MINUTES },
      });
      return until;
    });
  }

  /** Who looked at a person's addresses and why, newest first. */
  async list(personId: string): Promise<Look[]> {
    return readLooks(this.database, personId);
  }
}
