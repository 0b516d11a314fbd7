import type { DataSource } from 'typeorm';
import { ReturnHeld } from '../../server/alerts/return-held.js';
import type { JobQueue } from '../../server/platform/queue.js';

/** How often it is looked for alerts whose time has come, in milliseconds: one small read. */
const LOOK_EVERY_MS = 5_000;

/** Brings back what analysts have put off. */
export async function openHeldAlerts({ database, queue }: { database: DataSource; queue: JobQueue }): Promise<void> {
  const held = new ReturnHeld(database);
  queue.handle('return-held', () => held.run());
  await queue.every('return-held', LOOK_EVERY_MS, {});
}
