import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import type { AlertView } from '../contracts/alerts.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import { toAlertView } from './alert-view.js';
import type { Analyst } from './change-alert.js';
import { isOver } from './domain/transitions.js';
import { foldInto, keepMerge, lastMerge, unfold } from './store/merges.js';
import { addEvents, lockAll, lockForChange, type MovingAlert } from './store/move-alerts.js';
import { readAlert } from './store/read-alerts.js';

/**
 * Makes alerts that an analyst sees as one thing one thing: they stand, move and are concluded together. The evidence of each stays
 * its own, so that taking it back loses nothing.
 */
export class MergeAlerts {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `not_found`; `illegal_transition` where they are one already, or one of them is over */
  async merge(id: string, intoId: string, by: Analyst): Promise<AlertView> {
    await this.database.transaction(async (tx) => {
      // Both at once: two who merge the same ones the other way round, and the scoring lane, wait in one order.
      await lockAll(tx, [id, intoId]);
      const party = await lockForChange(tx, id);
      const target = await lockForChange(tx, intoId);
      if (!party || !target) throw new Refusal('not_found');
      if (party.ids.includes(intoId))
        throw new Refusal('illegal_transition', { detail: 'They belong together already.' });
      requireOpen(party.alert, target.alert);
      const rootId = target.alert.mergedInto ?? target.alert.id;
      const moved = await foldInto(tx, party.ids, rootId);
      await keepMerge(tx, { id: randomUUID(), alertId: party.alert.id, intoId: rootId, moved });
      await addEvents(tx, [party.alert.id], { event: 'merged', by: by.personId, note: target.alert.number });
      await addEvents(tx, [rootId], { event: 'merged', by: by.personId, note: party.alert.number });
      await this.record(tx, 'alert.merged', { from: party.alert, into: target.alert, by });
      await tell(tx, [...party.ids, ...target.ids]);
    });
    return this.view(intoId);
  }

  /** @throws Refusal `not_found`, `illegal_transition` where it was not merged */
  async unmerge(id: string, by: Analyst): Promise<AlertView> {
    await this.database.transaction(async (tx) => {
      const party = await lockForChange(tx, id);
      if (!party) throw new Refusal('not_found');
      const merge = await lastMerge(tx, id);
      const back = merge ? await unfold(tx, merge) : [];
      if (!merge || back.length === 0)
        throw new Refusal('illegal_transition', { detail: `${party.alert.number} is not merged.` });
      await addEvents(tx, [id, merge.intoId], { event: 'unmerged', by: by.personId, note: party.alert.number });
      await this.record(tx, 'alert.unmerged', { from: party.alert, into: { id: merge.intoId }, by });
      await tell(tx, [...back, merge.intoId]);
    });
    return this.view(id);
  }

  private async record(
    tx: EntityManager,
    action: string,
    { from, into, by }: { from: MovingAlert; into: { id: string }; by: Analyst },
  ): Promise<void> {
    await this.audit.append(tx, {
      actor: { kind: 'person', id: by.personId, name: by.name },
      action,
      target: { kind: 'alert', id: from.id },
      detail: { alert: from.number, into: into.id },
      ip: by.ip,
    });
  }

  private async view(id: string): Promise<AlertView> {
    const row = await readAlert(this.database, id);
    if (!row) throw new Refusal('not_found');
    return toAlertView(row);
  }
}

function requireOpen(...alerts: readonly MovingAlert[]): void {
  for (const { status, number } of alerts)
    if (isOver(status)) throw new Refusal('illegal_transition', { detail: `${number} is ${status}.` });
}

async function tell(tx: EntityManager, ids: readonly string[]): Promise<void> {
  for (const alertId of new Set(ids)) await notify(tx, 'alert_changed', { alertId });
}
