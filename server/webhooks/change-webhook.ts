import type { DataSource, EntityManager } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import { WEBHOOK_OVERLAP_HOURS, type WebhookChange, type WebhookSet, type WebhookView } from '../contracts/webhooks.js';
import { readNotificationRules } from '../notifications/notification-rules.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Reach } from '../platform/outgoing.js';
import type { Seal } from '../platform/seal.js';
import { formerPlace, secretPlace } from './read-target.js';
import { newSigningSecret } from './sign-message.js';
import { giveUpWaiting } from './store/deliveries.js';
import {
  deleteTarget,
  enableTarget,
  insertTarget,
  readTarget,
  renewSecret,
  type TargetRow,
  updateTarget,
} from './store/target.js';

/** Shows, sets and removes the target that events are told to. */
export class ChangeWebhook {
  constructor(
    private readonly database: DataSource,
    private readonly seal: Seal,
    private readonly audit: AppendAudit,
    private readonly reach: Pick<Reach, 'privateAllowed'>,
  ) {}

  /** Some receivers' addresses are passwords by themselves: who may not change it sees the server only. */
  async read({ role }: Pick<PersonCaller, 'role'>): Promise<WebhookView> {
    const target = await readTarget(this.database);
    const { windowMinutes } = await readNotificationRules(this.database);
    return { target: target ? shown(target, role === 'admin') : null, windowMinutes };
  }

  /** @throws Refusal `invalid_request` with the field that is wrong */
  async change(caller: PersonCaller, change: WebhookChange, ip: string): Promise<WebhookSet> {
    if (new URL(change.url).protocol !== 'https:' && !this.reach.privateAllowed)
      throw new Refusal('invalid_request', { errors: [{ path: 'url', message: 'begins with https://' }] });
    let secret: string | null = null;
    await this.database.transaction(async (tx) => {
      const former = await readTarget(tx, true);
      if (former) await updateTarget(tx, change);
      else await insertTarget(tx, change, this.seal.close((secret = newSigningSecret()), secretPlace));
      const before = former ? settingsText(former) : null;
      await this.note(tx, caller, { action: 'webhook.changed', ip, detail: { before, after: settingsText(change) } });
    });
    return { ...(await this.read(caller)), secret };
  }

  /** The former secret signs beside the new one for a day, so that receivers can change over. @throws Refusal `not_found` */
  async renew(caller: PersonCaller, ip: string): Promise<WebhookSet> {
    const secret = newSigningSecret();
    await this.database.transaction(async (tx) => {
      const target = await this.hold(tx);
      const former = this.seal.close(this.seal.open(target.sealed, secretPlace), formerPlace);
      await renewSecret(tx, this.seal.close(secret, secretPlace), { sealed: former, hours: WEBHOOK_OVERLAP_HOURS });
      await this.note(tx, caller, {
        action: 'webhook.secret_renewed',
        ip,
        detail: { formerHours: WEBHOOK_OVERLAP_HOURS },
      });
    });
    return { ...(await this.read(caller)), secret };
  }

  /** What happened while it was off stays untold. @throws Refusal `not_found` */
  async enable(caller: PersonCaller, ip: string): Promise<WebhookView> {
    await this.database.transaction(async (tx) => {
      const { disabledReason } = await this.hold(tx);
      await enableTarget(tx);
      await this.note(tx, caller, { action: 'webhook.enabled', ip, detail: { wasOffFor: disabledReason } });
    });
    return this.read(caller);
  }

  /** @throws Refusal `not_found` */
  async remove(caller: PersonCaller, ip: string): Promise<WebhookView> {
    await this.database.transaction(async (tx) => {
      const target = await this.hold(tx);
      await deleteTarget(tx);
      await giveUpWaiting(tx, 'The webhook was removed.');
      await this.note(tx, caller, {
        action: 'webhook.removed',
        ip,
        detail: { before: settingsText(target), after: null },
      });
    });
    return this.read(caller);
  }

  private async hold(tx: EntityManager): Promise<TargetRow> {
    const target = await readTarget(tx, true);
    if (!target) throw new Refusal('not_found');
    return target;
  }

  private note(
    tx: EntityManager,
    caller: PersonCaller,
    { action, ip, detail }: { action: string; ip: string; detail: Record<string, unknown> },
  ): Promise<void> {
    return this.audit.append(tx, {
      actor: actorOf(caller),
      action,
      target: { kind: 'policy', id: null },
      detail,
      ip,
    });
  }
}

function shown(row: TargetRow, whole: boolean): NonNullable<WebhookView['target']> {
  const { url, events, severity, perWindow, changedAt, overlapUntil, failingSince, disabledAt, disabledReason } = row;
  return {
    url: whole ? url : new URL(url).origin,
    ...{ events, severity, perWindow },
    changedAt: changedAt.toISOString(),
    overlapUntil: overlapUntil?.toISOString() ?? null,
    failingSince: failingSince?.toISOString() ?? null,
    disabled: disabledAt && { at: disabledAt.toISOString(), reason: disabledReason ?? '' },
  };
}

/** What the audit log keeps: no path, which may be the password of the receiver. */
const settingsText = ({ url, events, severity, perWindow }: WebhookChange): Record<string, string | number> => ({
  server: new URL(url).origin,
  events: events.join(', '),
  severity,
  perWindow,
});
