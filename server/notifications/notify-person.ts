import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import { type PersonKind, notificationKinds, type NotificationPayload } from '../contracts/notifications.js';
import type { Role } from '../contracts/people.js';
import { notify } from '../platform/database/listener.js';
import type { Place, Seal } from '../platform/seal.js';
import { gatheredUntil, heldUntil } from './hold-message.js';
import { addressesOf, addToOutbox } from './store/outbox.js';

/** A message of one kind. The discriminated form makes sure that kind and payload belong together. */
export type Notification = {
  [K in PersonKind]: {
    kind: K;
    payload: NotificationPayload<K>;
    /** Names the event; the same event is told once to each address, however often it is reported. */
    dedupKey: string;
    /** A code or token that only the recipient may see; sealed in the outbox and wiped after delivery. */
    secret?: string;
    /** After this the message is of no use and is not sent any more. */
    expiresInSeconds?: number;
    /**
     * `asks`: waits, or becomes part of a digest, when the person's budget is full or their quiet hours hold. `spends`: counts, and goes
     * out now. `critical`: waits for no room and no morning, only for a moment with others right after one that was told; `gathered`: those
     * others in one.
     */
    budget?: 'asks' | 'spends' | 'critical' | 'gathered';
    /** One address instead of all of the person's. */
    to?: string;
  };
}[PersonKind];

/** What a message's secret is bound to. */
export const placeOf = (id: string): Place => ({
  table: 'notifications',
  column: 'sealed',
  owner: id,
  purpose: 'delivery',
});

/** Puts messages into the outbox, in the caller's transaction: what is rolled back is never told, what is committed always. */
export class NotifyPerson {
  constructor(private readonly seal: Seal) {}

  /** Tells a person at every address of theirs. */
  async notify(tx: EntityManager, personId: string, notification: Notification): Promise<void> {
    // Checked here and not only by the compiler: what is in the outbox must be renderable days later.
    const payload = notificationKinds[notification.kind].parse(notification.payload);
    const recipients = notification.to === undefined ? await addressesOf(tx, personId) : [notification.to];
    const { expiresInSeconds, budget } = notification;
    const until = await waitOf(tx, personId, notification);
    for (const recipient of recipients) {
      const id = randomUUID();
      await addToOutbox(tx, {
        id,
        kind: notification.kind,
        personId,
        recipient,
        dedupKey: notification.dedupKey,
        payload,
        sealed: notification.secret === undefined ? null : this.seal.close(notification.secret, placeOf(id)),
        expiresInSeconds: expiresInSeconds ?? null,
        budgeted: budget === 'asks' || budget === 'spends',
        critical: budget === 'critical' || budget === 'gathered',
        heldUntil: until,
      });
    }
    if (recipients.length > 0) await notify(tx, 'notification_queued', {});
  }

  /** Tells everybody who has one of these roles and may sign in. */
  async notifyRoles(tx: EntityManager, roles: readonly Role[], notification: Notification): Promise<void> {
    const people = await tx.query<{ id: string }[]>(
      'SELECT id FROM people WHERE role = ANY($1) AND disabled_at IS NULL AND NOT simulated ORDER BY id',
      [roles],
    );
    for (const { id } of people) await this.notify(tx, id, notification);
  }
}

/** Until when it waits; null: it goes out now. */
async function waitOf(tx: EntityManager, personId: string, { kind, budget }: Notification): Promise<Date | null> {
  if (budget === 'asks') return heldUntil(tx, personId, kind);
  return budget === 'critical' ? gatheredUntil(tx, personId) : null;
}
