import type { EntityManager } from 'typeorm';
import { notify } from '../platform/database/listener.js';
import { insertWarnings } from './store/warnings.js';

/**
 * Makes sure that somebody is told of these alerts, in the transaction that raises them. It only notes that telling is due: what a
 * flood of alerts costs is paid by a worker's job, not by the scoring lane. An alert has one warning however often it grows.
 */
export async function openWarnings(tx: EntityManager, alertIds: readonly string[]): Promise<void> {
  if (alertIds.length === 0) return;
  if ((await insertWarnings(tx, alertIds)) > 0) await notify(tx, 'warning_opened', {});
}
