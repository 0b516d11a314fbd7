import type { DataSource } from 'typeorm';
import { type AppendAudit, systemActor } from '../audit/append-audit.js';
import { WEBHOOK_DISABLED_AFTER_DAYS } from '../contracts/webhooks.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { pauseAfter, postpone, settle } from '../notifications/outbox.js';
import type { Logger } from '../platform/logging.js';
import type { CarryEvent } from './carry-event.js';
import { claimDeliveries, type ClaimedDelivery, giveUpWaiting } from './store/deliveries.js';
import { disableTarget, noteFailure, noteSuccess, readTarget, type TargetRow } from './store/target.js';

/** Messages carried side by side. */
const BATCH = 5;
/** A worker that took a message and says nothing for this long is taken for gone, in seconds; longer than any try may last. */
const LEASE_SECONDS = 60;
const DAY_MS = 86_400_000;

type Parts = {
  database: DataSource;
  carrier: CarryEvent;
  notifications: NotifyPerson;
  audit: AppendAudit;
  /** Called after messages went out, or could not. */
  onDelivered: () => void;
  logger: Logger;
};

/**
 * Carries what is due to the target. At least once: a worker killed between the receiver's answer and its own commit leaves a message
 * that is sent again, with the same `webhook-id`.
 */
export class DeliverEvents {
  constructor(private readonly parts: Parts) {}

  async run(): Promise<void> {
    for (;;) {
      const target = await readTarget(this.parts.database);
      if (!target || target.disabledAt !== null) return;
      const rows = await claimDeliveries(this.parts.database, BATCH, LEASE_SECONDS);
      const taken = await Promise.all(rows.map((row) => this.deliver(target, row)));
      if (rows.length > 0) this.parts.onDelivered();
      // A receiver that takes nothing now is not asked with all the rest of the queue.
      if (rows.length < BATCH || !taken.includes(true)) return;
    }
  }

  /** @returns whether it was taken */
  private async deliver(target: TargetRow, { id, payload, tries }: ClaimedDelivery): Promise<boolean> {
    const { database, carrier, logger } = this.parts;
    const receipt = await carrier.carry(target, id, payload);
    if (receipt.outcome === 'sent') {
      await settle(database, id, 'sent', null);
      await noteSuccess(database);
      return true;
    }
    logger.warn({ id, type: payload.type, tries, error: receipt.error }, 'a webhook was not delivered');
    const pause = receipt.outcome === 'gone' ? undefined : pauseAfter(tries);
    if (pause === undefined) await settle(database, id, 'failed', receipt.error);
    else await postpone(database, id, pause, receipt.error);
    await this.judgeTarget(receipt);
    return false;
  }

  private async judgeTarget({ outcome, error }: { outcome: string; error: string }): Promise<void> {
    const since = await noteFailure(this.parts.database);
    if (outcome === 'gone') return this.disable(`It answered that it is gone: ${error}`);
    if (since && Date.now() - since.getTime() > WEBHOOK_DISABLED_AFTER_DAYS * DAY_MS)
      return this.disable(`It took nothing for ${WEBHOOK_DISABLED_AFTER_DAYS} days, the last time: ${error}`);
  }

  private async disable(reason: string): Promise<void> {
    const { database, notifications, audit } = this.parts;
    await database.transaction(async (tx) => {
      const target = await readTarget(tx, true);
      if (!target || target.disabledAt !== null) return;
      const server = new URL(target.url).host;
      const at = new Date().toISOString();
      await disableTarget(tx, reason);
      await giveUpWaiting(tx, 'The webhook was turned off.');
      await audit.append(tx, {
        actor: systemActor,
        action: 'webhook.disabled',
        target: { kind: 'policy', id: null },
        detail: { server, reason },
      });
      await notifications.notifyRoles(tx, ['admin'], {
        kind: 'webhook_disabled',
        payload: { at, server, reason: reason.slice(0, 500) },
        dedupKey: `webhook_disabled:${at}`,
      });
    });
  }
}
