import type { EntityManager } from 'typeorm';
import { notify } from '../platform/database/listener.js';
import { isOver } from './domain/transitions.js';
import { addEvents, lockForChange, moveAlerts } from './store/move-alerts.js';

/**
 * Writes into the history of a recovery's alert how the recovery ended, and resolves the alert where that settles it. Without a verdict:
 * nobody said who had started it. One that is part of an attack, or has others merged into it, stays open. To be called before the
 * audit entries of a transaction, which whoever changes alerts writes last too.
 */
export async function endRecoveryAlert(
  tx: EntityManager,
  recoveryId: string,
  { note, settles }: { note: string; settles: boolean },
): Promise<void> {
  const [found] = await tx.query<{ id: string }[]>('SELECT id FROM alerts WHERE dedup_key = $1', [
    `recovery-started:${recoveryId}`,
  ]);
  const party = found && (await lockForChange(tx, found.id));
  if (!party) return;
  const { alert, ids } = party;
  const alone = ids.length === 1 && alert.incidentId === null;
  if (settles && alone && !isOver(alert.status))
    await moveAlerts(tx, party, { to: 'resolved', event: 'resolved', verdict: null, note, by: null, assignee: null });
  else await addEvents(tx, [alert.id], { event: 'noted', by: null, note });
  await notify(tx, 'alert_changed', { alertId: alert.id });
}
