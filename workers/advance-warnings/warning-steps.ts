import type { DataSource } from 'typeorm';
import { NotifyPerson } from '../../server/notifications/notify-person.js';
import type { Config } from '../../server/platform/config.js';
import type { Listener } from '../../server/platform/database/listener.js';
import type { Logger } from '../../server/platform/logging.js';
import type { JobQueue } from '../../server/platform/queue.js';
import { Seal } from '../../server/platform/seal.js';
import { AdvanceWarnings } from '../../server/warnings/advance-warnings.js';

/** How often it is looked for warnings whose next step is due, in milliseconds: one small read. */
const LOOK_EVERY_MS = 5_000;

type Parts = { config: Config; database: DataSource; queue: JobQueue; listener: Listener; logger: Logger };

/** Tells managers of alerts at once, and the next in line when their time has come. */
export async function openWarningSteps({ config, database, queue, listener, logger }: Parts): Promise<void> {
  const warnings = new AdvanceWarnings(database, new NotifyPerson(new Seal(config.keysFor('outbox-secrets'))));
  queue.handle('advance-warnings', () => warnings.run());
  await queue.every('advance-warnings', LOOK_EVERY_MS, {});
  listener.on('warning_opened', () => {
    queue
      .wake('advance-warnings', {})
      .catch((error: unknown) => logger.warn({ err: error }, 'wake-up not sent; the next look finds the warning'));
  });
}
