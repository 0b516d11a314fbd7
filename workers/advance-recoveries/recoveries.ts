import type { DataSource } from 'typeorm';
import type { AppendAudit } from '../../server/audit/append-audit.js';
import { AdvanceRecoveries } from '../../server/authentication/advance-recoveries.js';
import { NoteRecovery } from '../../server/authentication/note-recovery.js';
import { NotifyPerson } from '../../server/notifications/notify-person.js';
import type { Config } from '../../server/platform/config.js';
import type { JobQueue } from '../../server/platform/queue.js';
import { Seal } from '../../server/platform/seal.js';

/** How often it is looked for recoveries that are due, in milliseconds: three small reads. */
const LOOK_EVERY_MS = 5_000;

type Parts = { config: Config; database: DataSource; queue: JobQueue; audit: AppendAudit };

/** Sends reminders and links of recoveries when their time has come. */
export async function openRecoveries({ config, database, queue, audit }: Parts): Promise<void> {
  const notifications = new NotifyPerson(new Seal(config.keysFor('outbox-secrets')));
  const recoveries = new AdvanceRecoveries(database, new NoteRecovery(audit, notifications, Date.now));
  queue.handle('advance-recoveries', () => recoveries.run());
  await queue.every('advance-recoveries', LOOK_EVERY_MS, {});
}
