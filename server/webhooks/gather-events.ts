import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { viewAlerts } from '../alerts/raise-alerts.js';
import type { WebhookMessage } from '../contracts/webhooks.js';
import { viewIncidents } from '../incidents/read-incidents.js';
import { readNotificationRules } from '../notifications/notification-rules.js';
import { fullUntil } from '../notifications/outbox.js';
import {
  alertMessage,
  digestMessage,
  type HeldEvent,
  incidentMessage,
  revocationMessage,
  severityOf,
} from './domain/write-event.js';
import { addDelivery, letGo, markDigested, readHeldDue, readSpentAt } from './store/deliveries.js';
import { findEvents, type FoundEvent, readRevocations } from './store/events.js';
import { readTarget, type TargetRow } from './store/target.js';

/** Events put into the outbox in one transaction. */
const BATCH = 200;

/** Puts what the target is to be told into the outbox, and ends the waiting of what was held back. */
export class GatherEvents {
  constructor(
    private readonly database: DataSource,
    private readonly consoleUrl: string,
  ) {}

  /** Each transaction holds the target: with any number of workers, an event is put in once, and the budget is kept. */
  async run(): Promise<void> {
    while (await this.database.transaction((tx) => this.gather(tx)));
    await this.database.transaction((tx) => this.release(tx));
  }

  /** @returns whether there may be more */
  private async gather(tx: EntityManager): Promise<boolean> {
    const target = await readTarget(tx, true);
    if (!target || target.disabledAt !== null) return false;
    const found = await findEvents(tx, target, BATCH);
    if (found.length === 0) return false;
    const messages = await this.write(tx, found);
    const spent = await this.spentOf(tx, target);
    for (const { key, severity } of found) {
      const payload = messages.get(key);
      // What went away meanwhile is not found again.
      if (!payload) continue;
      const critical = severity === 'critical';
      const heldUntil = critical ? null : spent.takeRoom();
      await addDelivery(tx, { id: randomUUID(), key, payload, budgeted: !critical, heldUntil });
    }
    return found.length === BATCH;
  }

  private async spentOf(tx: EntityManager, { perWindow }: TargetRow): Promise<{ takeRoom: () => Date | null }> {
    const { windowMinutes } = await readNotificationRules(tx);
    const spent = await readSpentAt(tx, windowMinutes);
    const takeRoom = (): Date | null => {
      const now = Date.now();
      const until = fullUntil(now, spent, [], { windowMinutes, perWindow, perHour: Infinity });
      if (until === null) spent.push(now);
      return until === null ? null : new Date(until);
    };
    return { takeRoom };
  }

  /** One by itself goes out as it is, several become one digest; what it counts and what leaves the queue is the same set of rows. */
  private async release(tx: EntityManager): Promise<void> {
    const target = await readTarget(tx, true);
    const held = target ? await readHeldDue(tx) : [];
    const [first] = held;
    if (!first) return;
    if (held.length === 1) return letGo(tx, first.id);
    const id = randomUUID();
    const payload = digestMessage(held.flatMap(heldEventOf), new Date());
    await addDelivery(tx, { id, key: `webhook:digest:${id}`, payload, budgeted: true, heldUntil: null });
    await markDigested(
      tx,
      held.map((row) => row.id),
      id,
    );
  }

  private async write(tx: EntityManager, found: readonly FoundEvent[]): Promise<Map<string, WebhookMessage>> {
    const of = (prefix: string): string[] => found.filter(({ type }) => type.startsWith(prefix)).map(({ id }) => id);
    const alerts = new Map((await viewAlerts(this.database, of('alert.'))).map((view) => [view.id, view]));
    const incidents = new Map((await viewIncidents(this.database, of('incident.'))).map((view) => [view.id, view]));
    const revocations = new Map((await readRevocations(tx, of('session.'))).map((row) => [row.id, row]));
    const { consoleUrl } = this;
    return new Map(
      found.flatMap(({ type, id, at, key }): [string, WebhookMessage][] => {
        const context = { at, consoleUrl };
        const [alert, incident, revocation] = [alerts.get(id), incidents.get(id), revocations.get(id)];
        if (type === 'session.revoked') return revocation ? [[key, revocationMessage(revocation, context)]] : [];
        if (type === 'incident.opened' || type === 'incident.resolved')
          return incident ? [[key, incidentMessage(type, incident, context)]] : [];
        return alert ? [[key, alertMessage(type, alert, context)]] : [];
      }),
    );
  }
}

function heldEventOf({ payload, at }: { payload: WebhookMessage; at: Date }): HeldEvent[] {
  const { type, data } = payload;
  return type === 'digest' || type === 'test' ? [] : [{ type, severity: severityOf(payload), url: data.url, at }];
}
