import type { EntityManager } from 'typeorm';
import { type Actor, type AppendAudit, systemActor } from '../audit/append-audit.js';
import { RECOVERY_LINK_HOURS } from '../contracts/recovery.js';
import { endRecoveryAlert } from '../alerts/end-recovery-alert.js';
import { raisePlainAlert } from '../alerts/raise-plain-alert.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { Notification, NotifyPerson } from '../notifications/notify-person.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { issueLink, linkLife } from './account-links.js';
import { cancelLife, linkRecipients } from './domain/recovery.js';
import { insertLink } from './store/account-links.js';
import { allAddressesOf, type RecoveryRow } from './store/recoveries.js';

type Source = { ip: string; userAgent: string | undefined };
/** How a recovery ends without letting anybody in: `how` is a sentence; `settles` says whether it leaves security nothing to look at. */
export type RecoveryStop = { actor: Actor; how: string; ip: string | null; settles: boolean };
type Who = { id: string; name: string; email: string };
type Mail = Notification extends infer N ? (N extends unknown ? Omit<N, 'dedupKey' | 'to'> : never) : never;

const HOUR_MS = 3_600_000;

/** Writes down what happens in a recovery and tells it, in the transaction in which it happens. */
export class NoteRecovery {
  constructor(
    private readonly audit: AppendAudit,
    private readonly notifications: NotifyPerson,
    private readonly now: () => number,
  ) {}

  /** Tells the person at every address, the manager and security, who find it in the inbox too. */
  async started(tx: EntityManager, who: Who, recovery: RecoveryRow, origin: Source): Promise<void> {
    const circumstances = circumstancesOf(origin, this.now());
    const readyAt = recovery.readyAt.toISOString();
    await this.audit.append(tx, {
      actor: { kind: 'person', id: who.id, name: who.name },
      action: 'recovery.started',
      target: { kind: 'person', id: who.id },
      detail: { before: { recovery: 'none' }, after: { recovery: 'waiting', readyAt } },
      ip: origin.ip,
    });
    const payload = { circumstances, readyAt };
    const secret = await this.cancelToken(tx, recovery);
    await this.tell(tx, recovery, recovery.addresses, { kind: 'recovery_started', payload, secret });
    await this.warn(tx, who, recovery, { kind: 'recovery_watched', payload: { ...payload, person: who.name } });
    const alert = { kind: 'recovery-started', severity: 'high', event: recovery.id } as const;
    await raisePlainAlert(tx, { ...alert, subject: who.email, personId: who.id });
  }

  /** Half-way. */
  async reminded(tx: EntityManager, recovery: RecoveryRow): Promise<void> {
    const payload = { startedAt: recovery.startedAt.toISOString(), readyAt: recovery.readyAt.toISOString() };
    const secret = await this.cancelToken(tx, recovery);
    await this.tell(tx, recovery, await allAddressesOf(tx, recovery.personId), {
      kind: 'recovery_reminder',
      payload,
      secret,
    });
  }

  /** The wait is over: the link goes to where the first notice went. */
  async ready(tx: EntityManager, recovery: RecoveryRow): Promise<void> {
    const recipients = linkRecipients(recovery.addresses, await allAddressesOf(tx, recovery.personId));
    await this.audit.append(tx, {
      actor: systemActor,
      action: 'recovery.link_mailed',
      target: { kind: 'person', id: recovery.personId },
      detail: { before: { recovery: 'waiting' }, after: { recovery: 'link mailed', addresses: recipients.length } },
    });
    const secret = await issueLink(tx, 'recover_account', recovery.personId, recipients);
    await this.tell(tx, recovery, recipients, {
      kind: 'recovery_ready',
      payload: { startedAt: recovery.startedAt.toISOString(), hours: RECOVERY_LINK_HOURS },
      secret,
      expiresInSeconds: linkLife.recover_account,
    });
  }

  /** It came to its end without letting anybody in. */
  async stopped(tx: EntityManager, recovery: RecoveryRow, { actor, how, ip, settles }: RecoveryStop): Promise<void> {
    await endRecoveryAlert(tx, recovery.id, { note: `The recovery is over. ${how}`, settles });
    await this.audit.append(tx, {
      actor,
      action: 'recovery.cancelled',
      target: { kind: 'person', id: recovery.personId },
      detail: { how, before: { recovery: stateOf(recovery) }, after: { recovery: 'none' } },
      ip,
    });
    await this.tell(tx, recovery, await allAddressesOf(tx, recovery.personId), {
      kind: 'recovery_cancelled',
      payload: { at: new Date(this.now()).toISOString(), how },
    });
  }

  async completed(
    tx: EntityManager,
    who: Who,
    recovery: RecoveryRow,
    { factors, origin }: { factors: readonly string[]; origin: Source },
  ): Promise<void> {
    await this.audit.append(tx, {
      actor: { kind: 'person', id: who.id, name: who.name },
      action: 'recovery.completed',
      target: { kind: 'person', id: who.id },
      detail: {
        before: { recovery: stateOf(recovery), factors: factors.join(', ') },
        after: { recovery: 'none', factors: '' },
      },
      ip: origin.ip,
    });
    const payload = { circumstances: circumstancesOf(origin, this.now()) };
    await this.tell(tx, recovery, await allAddressesOf(tx, who.id), { kind: 'recovery_completed', payload });
  }

  private async tell(
    tx: EntityManager,
    { id, personId }: RecoveryRow,
    to: readonly string[],
    mail: Mail,
  ): Promise<void> {
    const dedupKey = `${mail.kind}:${id}`;
    for (const address of to) await this.notifications.notify(tx, personId, { ...mail, to: address, dedupKey });
  }

  private async warn(tx: EntityManager, who: Who, { id }: RecoveryRow, mail: Mail): Promise<void> {
    const notice = { ...mail, dedupKey: `${mail.kind}:${id}` };
    await this.notifications.notifyRoles(tx, ['analyst', 'admin'], notice);
    const [manager] = await tx.query<{ id: string }[]>(
      'SELECT m.id FROM people p JOIN people m ON m.id = p.manager_id WHERE p.id = $1 AND m.disabled_at IS NULL',
      [who.id],
    );
    if (manager) await this.notifications.notify(tx, manager.id, notice);
  }

  /** Each message has a link of its own, as only hashes of the former ones are left. */
  private async cancelToken(tx: EntityManager, { personId, startedAt, readyAt }: RecoveryRow): Promise<string> {
    const token = randomToken();
    await insertLink(tx, {
      purpose: 'cancel_recovery',
      personId,
      addressId: null,
      sentTo: [],
      tokenHash: sha256(token),
      lifeSeconds: cancelLife((readyAt.getTime() - startedAt.getTime()) / HOUR_MS),
    });
    return token;
  }
}

const stateOf = ({ linkExpiresAt }: RecoveryRow): string => (linkExpiresAt === null ? 'waiting' : 'link mailed');
