import type { DataSource } from 'typeorm';
import type { AppendAudit } from '../../server/audit/append-audit.js';
import { IssueResetLinks } from '../../server/authentication/issue-reset-links.js';
import { NotifyPerson } from '../../server/notifications/notify-person.js';
import type { Config } from '../../server/platform/config.js';
import type { Listener } from '../../server/platform/database/listener.js';
import type { Logger } from '../../server/platform/logging.js';
import type { JobQueue } from '../../server/platform/queue.js';
import { Seal } from '../../server/platform/seal.js';

/** How often it is looked for wishes whose wake-up was lost, in milliseconds. */
const LOOK_EVERY_MS = 10_000;

type Parts = {
  config: Config;
  database: DataSource;
  queue: JobQueue;
  listener: Listener;
  audit: AppendAudit;
  logger: Logger;
};

/** Answers wishes for a new password as soon as they are in the database. */
export async function openResetLinks({ config, database, queue, listener, audit, logger }: Parts): Promise<void> {
  const notifications = new NotifyPerson(new Seal(config.keysFor('outbox-secrets')));
  const links = new IssueResetLinks(database, notifications, audit);
  queue.handle('issue-reset-links', () => links.run());
  await queue.every('issue-reset-links', LOOK_EVERY_MS, {});
  const wake = (): void => {
    queue
      .wake('issue-reset-links', {})
      .catch((error: unknown) => logger.warn({ err: error }, 'wake-up not sent; the next look finds the wish'));
  };
  listener.on('password_reset_requested', wake);
  listener.on('resumed', wake);
}
