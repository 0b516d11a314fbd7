import type { DataSource, EntityManager } from 'typeorm';
import type { AlertChange, AlertView, Verdict } from '../contracts/alerts.js';
import type { AppendAudit } from '../audit/append-audit.js';
import { teachByVerdict } from '../detection/keep-lessons.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import { toAlertView } from './alert-view.js';
import { type AlertMove, transition } from './domain/transitions.js';
import { sayTooLate } from './domain/too-late.js';
import type { MuteAlerts } from './mute-alerts.js';
import { addEvents, holdAlerts, lastDecision, lockForChange, moveAlerts, type Party } from './store/move-alerts.js';
import { readAlert } from './store/read-alerts.js';

/** What a verdict says about the sign-ins of its alert: whether they were the owner's. */
const ownersBy: Record<Verdict, boolean> = { true_positive: false, false_positive: true, benign: true };

export type Analyst = { personId: string; name: string; ip: string };

/** Moves alerts on: who has them, when they come back, what they were. */
export class ChangeAlert {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
    private readonly mutes: MuteAlerts,
  ) {}

  /**
   * All alerts that belong together move together, whichever of them is named.
   * @throws Refusal `not_found`; `illegal_transition` with who was faster; `invalid_request` where a reason or a person is missing
   */
  async change(id: string, change: AlertChange, by: Analyst): Promise<AlertView> {
    await this.database.transaction(async (tx) => {
      const party = await lockForChange(tx, id);
      if (!party) throw new Refusal('not_found');
      const move = transition(party.alert.status, change.action);
      if (!move)
        throw new Refusal('illegal_transition', { detail: sayTooLate(await lastDecision(tx, id), party.alert) });
      const changed = await this.carryOut(tx, party, move, change, by);
      if (change.action === 'resolve' || change.action === 'reopen')
        for (const each of changed)
          await teachByVerdict(tx, each, change.action === 'resolve' ? ownersBy[change.verdict] : null);
      if (change.action === 'resolve' && change.mute === true)
        await this.mutes.mute(tx, changed, change.note ?? change.verdict, by);
      await this.record(tx, id, move, change, changed.length, by);
      for (const each of changed) await notify(tx, 'alert_changed', { alertId: each });
    });
    const row = await readAlert(this.database, id);
    if (!row) throw new Refusal('not_found');
    return toAlertView(row);
  }

  /** @returns the alerts that were changed */
  private async carryOut(
    tx: EntityManager,
    party: Party,
    { to, event }: AlertMove,
    change: AlertChange,
    { personId }: Analyst,
  ): Promise<string[]> {
    const note = 'note' in change ? (change.note ?? null) : null;
    const closed = party.alert.status === 'closed';
    if (change.action === 'reopen' && closed && note === null)
      throw new Refusal('invalid_request', { detail: 'It was closed: say why it is opened again.' });
    if (to === null) {
      await addEvents(tx, [party.alert.id], { event, by: personId, note });
      return [party.alert.id];
    }
    if (change.action === 'hold')
      return holdAlerts(tx, party, { until: change.until, timeZone: change.timeZone, note, by: personId });
    if (change.action === 'assign') return this.assign(tx, party, change.to, personId);
    const verdict = change.action === 'resolve' ? change.verdict : null;
    if (change.action === 'close') return closeAlerts(tx, party, { event, note, by: personId });
    return moveAlerts(tx, party, { to, event, verdict, note, by: personId, assignee: personId });
  }

  private async assign(tx: EntityManager, party: Party, to: string | null, by: string): Promise<string[]> {
    const people = await tx.query<{ name: string }[]>(
      `SELECT name FROM people WHERE id = $1 AND role IN ('analyst', 'admin') AND disabled_at IS NULL`,
      [to],
    );
    if (to !== null && people.length === 0)
      throw new Refusal('invalid_request', { detail: 'Only analysts and administrators can have an alert.' });
    const note = people[0]?.name ?? null;
    return moveAlerts(tx, party, {
      ...{ to: to === null ? 'new' : 'in_progress', event: 'assigned', verdict: null, note, by, assignee: to },
    });
  }

  private async record(
    tx: EntityManager,
    id: string,
    { event }: AlertMove,
    change: AlertChange,
    alerts: number,
    by: Analyst,
  ): Promise<void> {
    await this.audit.append(tx, {
      actor: { kind: 'person', id: by.personId, name: by.name },
      action: `alert.${event}`,
      target: { kind: 'alert', id },
      detail: {
        verdict: change.action === 'resolve' ? change.verdict : null,
        note: 'note' in change ? (change.note ?? null) : null,
        ...(change.action === 'hold' && { until: change.until, timeZone: change.timeZone }),
        ...(change.action === 'assign' && { to: change.to }),
        ...(alerts > 1 && { alerts }),
      },
      ip: by.ip,
    });
  }
}

/** The verdict and who gave it stay. */
async function closeAlerts(
  tx: EntityManager,
  { alert, ids: all }: Party,
  { event, note, by }: { event: string; note: string | null; by: string | null },
): Promise<string[]> {
  const [closed] = await tx.query<[{ id: string }[], number]>(
    `UPDATE alerts SET status = 'closed' WHERE id = $1 OR (id = ANY($2) AND status = 'resolved' AND resolved_at = $3) RETURNING id`,
    [alert.id, all, alert.resolvedAt],
  );
  const ids = closed.map(({ id }) => id);
  await addEvents(tx, ids, { event, by, note });
  return ids;
}
