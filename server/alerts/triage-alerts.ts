import type { DataSource } from 'typeorm';
import type { AlertChange, AlertDetail, AlertQuery, AlertView, Verdict } from '../contracts/alerts.js';
import type { Page } from '../contracts/paging.js';
import { SearchAttempts } from '../attempts/search-attempts.js';
import type { AppendAudit } from '../audit/append-audit.js';
import { teachByVerdict } from '../detection/keep-lessons.js';
import { withPlainAddress } from '../platform/address.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { Cursors } from '../platform/paging.js';
import { countLive } from '../sessions/count-live.js';
import { toAlertView } from './alert-view.js';
import { transition } from './domain/transitions.js';
import { lockForChange, moveAlerts } from './store/move-alerts.js';
import { evidenceOf, listAlerts, readAlert, readHistory } from './store/read-alerts.js';

/** Attempts shown with an alert, and looked at for its risk; more are a filter away. */
const EVIDENCE_SHOWN = 50;

/** What a verdict says about the sign-ins of its alert: whether they were the owner's. */
const ownersBy: Record<Verdict, boolean> = { true_positive: false, false_positive: true, benign: true };

/** What analysts do with alerts: look, take, conclude. */
export class TriageAlerts {
  constructor(
    private readonly database: DataSource,
    private readonly cursors: Cursors,
    private readonly attempts: SearchAttempts,
    private readonly audit: AppendAudit,
  ) {}

  async list(query: AlertQuery): Promise<Page<AlertView>> {
    const position = this.cursors.decode('alerts', query.cursor);
    const rows = await listAlerts(
      this.database,
      withPlainAddress(query),
      position && { at: String(position[0]), id: String(position[1]) },
      query.limit + 1,
    );
    const page = this.cursors.page('alerts', rows, query.limit, (row) => [row.position, row.id]);
    return { items: page.items.map(toAlertView), nextCursor: page.nextCursor };
  }

  /** @throws Refusal `not_found` */
  async read(id: string): Promise<AlertDetail> {
    const row = await readAlert(this.database, id);
    if (!row) throw new Refusal('not_found');
    const [ids, history, openSessions] = await Promise.all([
      evidenceOf(this.database, id, EVIDENCE_SHOWN),
      readHistory(this.database, id),
      row.person_id === null ? 0 : countLive(this.database, row.person_id),
    ]);
    const attempts = await this.attempts.readMany(ids);
    const judged =
      row.kind === 'suspicious-sign-in' ? attempts.find((attempt) => attempt.outcome === 'success') : undefined;
    return {
      ...toAlertView(row),
      risk: judged ? (await this.attempts.read(judged.id)).risk : null,
      attempts,
      history: history.map((event) => ({
        ...event,
        at: event.at.toISOString(),
        kind: event.kind as AlertDetail['history'][number]['kind'],
      })),
      openSessions,
    };
  }

  /**
   * The alerts of an incident move together, whichever of them is named.
   * @throws Refusal `not_found`, `illegal_transition` when somebody was faster
   */
  async change(id: string, change: AlertChange, by: { personId: string; name: string }): Promise<AlertView> {
    await this.database.transaction(async (tx) => {
      const alert = await lockForChange(tx, id);
      if (!alert) throw new Refusal('not_found');
      const move = transition(alert.status, change.action);
      if (!move) throw new Refusal('illegal_transition', { detail: `The alert is ${alert.status.replace('_', ' ')}.` });
      const verdict = change.action === 'resolve' ? change.verdict : null;
      const note = change.action === 'resolve' ? (change.note ?? null) : null;
      const moved = await moveAlerts(tx, alert, { to: move.to, event: move.event, verdict, note, by: by.personId });
      if (change.action !== 'take')
        for (const each of moved) await teachByVerdict(tx, each, verdict && ownersBy[verdict]);
      const actor = { kind: 'person', id: by.personId, name: by.name } as const;
      await this.audit.append(tx, {
        actor,
        action: `alert.${move.event}`,
        target: { kind: 'alert', id },
        detail: { verdict, note, ...(moved.length > 1 && { alerts: moved.length }) },
      });
      for (const each of moved) await notify(tx, 'alert_changed', { alertId: each });
    });
    const row = await readAlert(this.database, id);
    if (!row) throw new Refusal('not_found');
    return toAlertView(row);
  }

  /** One alert as lists show it, for the live view. */
  async view(id: string): Promise<AlertView | undefined> {
    const row = await readAlert(this.database, id);
    return row && toAlertView(row);
  }
}
