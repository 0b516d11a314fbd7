import type { DataSource, EntityManager } from 'typeorm';
import { systemActor } from '../audit/append-audit.js';
import { linkLife, withdrawLinks } from './account-links.js';
import type { NoteRecovery } from './note-recovery.js';
import { type Overdue, takeOverdue, takeReady, takeReminder } from './store/recoveries.js';

const sentences: Record<Overdue, string> = {
  not_used: 'The link was not used in time.',
  not_allowed: 'Recovery is not allowed any more.',
  factor_used: 'The second factors of the account were used or changed, so it is not needed.',
};

/** What time does to recoveries: half-way a reminder, at the end of the wait the link, and an end when nobody uses it. */
export class AdvanceRecoveries {
  constructor(
    private readonly database: DataSource,
    private readonly notes: NoteRecovery,
  ) {}

  async run(): Promise<void> {
    await this.each((tx) => this.expire(tx));
    await this.each((tx) => this.mailLink(tx));
    await this.each((tx) => this.remind(tx));
  }

  /** One transaction for each, as each locks its row and writes into the audit log. */
  private async each(step: (tx: EntityManager) => Promise<boolean>): Promise<void> {
    while (await this.database.transaction(step));
  }

  private async expire(tx: EntityManager): Promise<boolean> {
    const recovery = await takeOverdue(tx);
    if (!recovery) return false;
    await withdrawLinks(tx, recovery.personId, ['recover_account', 'cancel_recovery']);
    await this.notes.stopped(tx, recovery, {
      actor: systemActor,
      how: sentences[recovery.why],
      ip: null,
      settles: true,
    });
    return true;
  }

  private async mailLink(tx: EntityManager): Promise<boolean> {
    const recovery = await takeReady(tx, linkLife.recover_account);
    if (recovery) await this.notes.ready(tx, recovery);
    return recovery !== undefined;
  }

  private async remind(tx: EntityManager): Promise<boolean> {
    const recovery = await takeReminder(tx);
    if (recovery) await this.notes.reminded(tx, recovery);
    return recovery !== undefined;
  }
}
