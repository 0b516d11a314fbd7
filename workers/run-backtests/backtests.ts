import type { DataSource } from 'typeorm';
import { RunBacktests } from '../../server/detection/run-backtests.js';
import type { JobQueue } from '../../server/platform/queue.js';

/** How often it is looked for backtests whose wake-up was lost or whose worker is gone, in milliseconds. */
const LOOK_EVERY_MS = 10_000;

type Parts = { id: string; database: DataSource; queue: JobQueue; warn: (error: unknown) => void };

/** Runs backtests beside everything else. */
export async function openBacktests({ id, database, queue, warn }: Parts): Promise<RunBacktests> {
  const backtests = new RunBacktests(database, id, warn);
  queue.handle('run-backtests', () => backtests.run());
  await queue.every('run-backtests', LOOK_EVERY_MS, {});
  return backtests;
}
