import type { DataSource, EntityManager } from 'typeorm';
import { addEvents, lockForChange, moveAlerts } from '../alerts/move-party.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { UndoContainment as Parts, Undone } from '../contracts/incidents.js';
import { teachByVerdict } from '../detection/keep-lessons.js';
import type { RequireNewPassword } from '../people/require-new-password.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { By } from './contain-attack.js';
import { addIncidentEvent } from './store/incident-events.js';
import {
  ABANDONED_SECONDS,
  containedAlert,
  type ContainmentRow,
  lockContainment,
  markUndone,
  readContained,
} from './store/containments.js';
import { releaseSources } from './store/throttled-sources.js';

/** Takes a containment back, as far as that can be: ended sessions stay ended, their people can sign in again. */
export class UndoContainment {
  constructor(
    private readonly database: DataSource,
    private readonly passwords: RequireNewPassword,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `not_found` for one that is unknown or taken back already */
  async undo(id: string, parts: Parts, origin: By): Promise<Undone> {
    return this.database.transaction(async (tx) => {
      const alertId = await containedAlert(tx, id);
      // The alert first, as everybody locks it who does something about it.
      if (alertId !== undefined) await lockForChange(tx, alertId);
      const row = await lockContainment(tx, id);
      if (!row) throw new Refusal('not_found');
      const releasedSources = parts.sources ? await releaseSources(tx, { containmentId: id }) : 0;
      const liftedPasswords = parts.passwords ? await this.liftPasswords(tx, row, origin) : 0;
      const reopened = parts.reopen && row.resolved && (await this.reopen(tx, row, origin));
      if (parts.sources && parts.passwords) await markUndone(tx, id);
      await this.record(tx, row, { releasedSources, liftedPasswords, reopened }, origin);
      return { releasedSources, liftedPasswords, reopened };
    });
  }

  private async liftPasswords(
    tx: EntityManager,
    { id, begunAt, finishedAt }: ContainmentRow,
    origin: By,
  ): Promise<number> {
    const people = (await readContained(tx, id)).filter(({ passwordRequired }) => passwordRequired);
    // What was demanded later, as by the person's own "This wasn't me", is not ours to take back. Times lose their microseconds here.
    const end = finishedAt ? finishedAt.getTime() + 1 : begunAt.getTime() + ABANDONED_SECONDS * 1_000;
    const made = { from: begunAt, to: new Date(end) };
    let lifted = 0;
    for (const person of people) if (await this.passwords.lift(tx, person.id, made, origin)) lifted += 1;
    return lifted;
  }

  private async reopen(tx: EntityManager, { alertId }: ContainmentRow, { by }: By): Promise<boolean> {
    const party = await lockForChange(tx, alertId);
    if (party?.alert.status !== 'resolved') return false;
    const move = { to: 'in_progress', event: 'reopened', verdict: null, note: null } as const;
    const moved = await moveAlerts(tx, party, { ...move, by: by.id, assignee: by.id });
    for (const each of moved) await teachByVerdict(tx, each, null);
    return true;
  }

  private async record(
    tx: EntityManager,
    { id, alertId }: ContainmentRow,
    undone: Undone,
    { by, ip }: By,
  ): Promise<void> {
    const party = await lockForChange(tx, alertId);
    const { releasedSources: sources, liftedPasswords: passwords } = undone;
    const note = `${sources} ${sources === 1 ? 'address' : 'addresses'} let in again, ${passwords} ${passwords === 1 ? 'password demand' : 'password demands'} lifted`;
    await addEvents(tx, party?.ids ?? [alertId], { event: 'released', by: by.id, note });
    const incidentId = party?.alert.incidentId ?? null;
    if (incidentId !== null) {
      await addIncidentEvent(tx, incidentId, { kind: 'released', by: by.id, detail: { sources, passwords } });
      await notify(tx, 'incident_changed', { incidentId });
    }
    const detail = { ...undone, alertId };
    await this.audit.append(tx, {
      actor: by,
      action: 'containment.undone',
      target: { kind: 'containment', id },
      detail,
      ip,
    });
    for (const each of party?.ids ?? [alertId]) await notify(tx, 'alert_changed', { alertId: each });
  }
}
