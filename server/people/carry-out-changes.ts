import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Actor, AppendAudit, AuditEntryInput } from '../audit/append-audit.js';
import { withdrawOutdated } from '../authentication/account-links.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { Notification, NotifyPerson } from '../notifications/notify-person.js';
import { notify } from '../platform/database/listener.js';
import type { Revoke } from '../sessions/revoke.js';
import type { PlannedChange } from './domain/plan-people.js';
import type { SendInvitation } from './send-invitation.js';
import { storeChanges } from './store/people.js';

/** Who changes people, and from where. */
export type ChangeOrigin = { by: Actor; ip: string; userAgent: string | undefined };

/** Carries out what was planned: rows, audit entries with before and after, ended sessions, and mail to those concerned. */
export class CarryOutChanges {
  constructor(
    private readonly audit: AppendAudit,
    private readonly revocations: Revoke,
    private readonly notifications: NotifyPerson,
    private readonly invitations: SendInvitation,
    private readonly now: () => number,
  ) {}

  /** The plan must be of this very transaction. */
  async carryOut(tx: EntityManager, changes: readonly PlannedChange[], origin: ChangeOrigin): Promise<void> {
    await storeChanges(tx, changes);
    await this.audit.appendAll(tx, auditEntries(changes, origin));
    for (const change of changes)
      if (change.kind === 'changed' && !change.person.simulated) await this.tell(tx, change, origin);
    await this.renewLinks(tx, changes, origin);
    await notify(tx, 'people_changed', {});
  }

  /** A link mailed to a former address or for a former role lets nobody in; whoever was invited is invited anew. */
  private async renewLinks(tx: EntityManager, changes: readonly PlannedChange[], origin: ChangeOrigin): Promise<void> {
    const changed = changes.filter(({ kind }) => kind === 'changed');
    const moved = changed.flatMap(({ id, after }) => (after.email === undefined ? [] : [id]));
    const promoted = changed.flatMap(({ id, after }) => (after.role === undefined ? [] : [id]));
    const invited = new Set(await withdrawOutdated(tx, { moved, promoted }));
    for (const { id, person, before } of changed)
      if (invited.has(id)) await this.invitations.send(tx, person, origin, before.email ?? person.email);
  }

  /** A role decides what a session may do, so its sessions end; a new address is told to the old one too. */
  private async tell(tx: EntityManager, { id, before, after }: PlannedChange, origin: ChangeOrigin): Promise<void> {
    const told = { circumstances: circumstancesOf(origin, this.now()), by: origin.by.name };
    const send = (notification: Notification): Promise<void> => this.notifications.notify(tx, id, notification);
    if (after.role !== undefined) {
      await this.revocations.revokeWithin(tx, {
        select: { personId: id },
        by: origin.by,
        endReason: 'role_changed',
        ip: origin.ip,
      });
      const dedupKey = `role_changed:${randomUUID()}`;
      await send({ kind: 'role_changed', payload: { ...told, role: after.role }, dedupKey });
    }
    if (after.email === undefined || before.email === undefined) return;
    const dedupKey = `address_changed:${randomUUID()}`;
    await send({ kind: 'address_added', payload: { ...told, address: after.email }, dedupKey });
    const removed = { ...told, address: before.email };
    await send({ kind: 'address_removed', payload: removed, dedupKey: `${dedupKey}:former`, to: before.email });
  }
}

/** One for each person; invented people are nobody's business and get one together. */
function auditEntries(changes: readonly PlannedChange[], { by, ip }: ChangeOrigin): AuditEntryInput[] {
  const done = changes.filter(({ kind }) => kind === 'added' || kind === 'changed');
  const invented = done.filter(({ person }) => person.simulated);
  const entries = done
    .filter(({ person }) => !person.simulated)
    .map(({ id, kind, name, before, after }): AuditEntryInput => {
      const detail = { name, before: kind === 'added' ? null : before, after };
      return { actor: by, action: `person.${kind}`, target: { kind: 'person', id }, detail, ip };
    });
  if (invented.length === 0) return entries;
  const detail = { people: invented.length };
  return [
    ...entries,
    { actor: by, action: 'simulated_people.saved', target: { kind: 'people', id: null }, detail, ip },
  ];
}
