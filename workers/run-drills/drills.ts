import { RunDrills } from '../../server/drills/run-drills.js';
import type { AppendAudit } from '../../server/audit/append-audit.js';
import type { DataSource } from 'typeorm';
import type { Config } from '../../server/platform/config.js';
import type { Listener } from '../../server/platform/database/listener.js';
import type { Logger } from '../../server/platform/logging.js';
import type { JobQueue } from '../../server/platform/queue.js';

/** How often it is looked for drills whose wake-up was lost, in milliseconds. */
const LOOK_EVERY_MS = 10_000;

type Parts = {
  id: string;
  config: Config & { databaseUrl: string };
  database: DataSource;
  queue: JobQueue;
  listener: Listener;
  audit: AppendAudit;
  logger: Logger;
  warn: (error: unknown) => void;
};

/** Runs attack drills beside everything else. */
export async function openDrills(parts: Parts): Promise<RunDrills> {
  const { id, config, database, queue, listener, audit, logger, warn } = parts;
  const drills = new RunDrills({
    database,
    audit,
    url: config.publicUrl,
    live: { config, logger },
    holder: id,
    onError: warn,
  });
  queue.handle('run-drills', () => drills.run());
  await queue.every('run-drills', LOOK_EVERY_MS, {});
  listener.on('drill_asked', () => {
    queue.wake('run-drills', {}).catch(warn);
  });
  return drills;
}
