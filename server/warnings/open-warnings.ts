import type { EntityManager } from 'typeorm';
import { notify } from '../platform/database/listener.js';
import { insertWarnings } from './store/warnings.js';

/** People named in a notice, whose managers see at once what there is to answer; more would not fit into 8,000 bytes. */
const NOTICE_IDS_MAX = 100;

/**
 * Makes sure that somebody is told of these alerts, in the transaction that raises them. It only notes that telling is due: what a
 * flood of alerts costs is paid by a worker's job, not by the scoring lane. An alert has one warning however often it grows.
 */
export async function openWarnings(tx: EntityManager, alertIds: readonly string[]): Promise<void> {
  if (alertIds.length === 0) return;
  const personIds = await insertWarnings(tx, alertIds);
  if (personIds.length > 0) await notify(tx, 'warning_opened', { personIds: personIds.slice(0, NOTICE_IDS_MAX) });
}
