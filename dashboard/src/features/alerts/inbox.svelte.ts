import { api } from '../../api/api.js';
import { type ApiError, toApiError } from '../../api/api-error.js';
import { PagedList } from '../../api/resource.svelte.js';
import type { AlertChange, AlertView, IncidentView, RiskLevel } from '../../api/types.js';
import { alertCount } from '../../live/alert-count.svelte.js';
import { isFolded, isOver, severityOf } from '../../live/folded.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { changeWords, wayBack } from './change-words.js';

/** `mine`: open and taken by the person who looks. */
export type InboxView = 'open' | 'mine' | 'all';

const order: Record<RiskLevel, number> = { critical: 0, high: 1, medium: 2, low: 3 };

/** The list of alerts on screen, kept up by the socket. What arrives while someone points at the list waits. */
export class Inbox {
  view = $state<InboxView>('open');
  /** Arrived while the list was held; shown on request, so that no row moves under the pointer. */
  fresh = $state.raw<AlertView[]>([]);
  readonly list = new PagedList<AlertView>((cursor) =>
    api.alerts({ status: this.view === 'all' ? 'all' : 'open', folded: true, cursor, limit: 50 }),
  );
  readonly #me: () => string;
  #held = false;
  /** While the list is being read: what changed since, as that list may be older. */
  #meanwhile: AlertView[] = [];

  /** @param me id of the person who looks. */
  constructor(me: () => string) {
    this.#me = me;
  }

  /** The rows in their order: worst first while there is work to do, by time in the archive. */
  get rows(): AlertView[] {
    if (this.view === 'all') return this.list.items;
    const rows =
      this.view === 'mine' ? this.list.items.filter(({ assignee }) => assignee?.id === this.#me()) : this.list.items;
    return rows
      .filter(({ status }) => status !== 'on_hold')
      .toSorted(
        (a, b) => order[severityOf(a)] - order[severityOf(b)] || Date.parse(b.raisedAt) - Date.parse(a.raisedAt),
      );
  }

  /** What is put off, the next to come back first; in the archive everything stands in one list. */
  get held(): AlertView[] {
    if (this.view === 'all') return [];
    return this.list.items
      .filter(({ status, assignee }) => status === 'on_hold' && (this.view === 'open' || assignee?.id === this.#me()))
      .toSorted((a, b) => Date.parse(a.heldUntil ?? '') - Date.parse(b.heldUntil ?? ''));
  }

  async show(view: InboxView): Promise<void> {
    this.view = view;
    this.fresh = [];
    await this.load();
  }

  load = async (): Promise<void> => {
    this.#meanwhile = [];
    await this.list.load();
    for (const alert of this.#meanwhile.splice(0)) this.take(alert);
  };

  hold(held: boolean): void {
    this.#held = held;
  }

  showFresh(): void {
    this.list.items = [...this.fresh, ...this.list.items];
    this.fresh = [];
  }

  /**
   * An alert as it is now, from the socket or from an answer.
   * @param own whoever changed it themselves sees it at once, also under the pointer
   */
  take(alert: AlertView, own = false): void {
    if (this.list.loading) this.#meanwhile.push(alert);
    const known = this.list.items.some(({ id }) => id === alert.id);
    const leaves = isFolded(alert) || (isOver(alert.status) && this.view !== 'all');
    this.fresh = this.fresh.filter(({ id }) => id !== alert.id);
    if (leaves) this.list.items = this.list.items.filter(({ id }) => id !== alert.id);
    else if (known) this.list.items = this.list.items.map((each) => (each.id === alert.id ? alert : each));
    else if (this.#held && !own) this.fresh = [alert, ...this.fresh];
    else this.list.items = [alert, ...this.list.items];
  }

  /** How an incident stands, shown by the alert that stands for it. */
  takeIncident({ id, number, severity, kinds, alerts, subjects, gotIn, sources, leadId }: IncidentView): void {
    const incident = { id, number, severity, kinds, alerts, subjects, gotIn, sources, lead: true };
    this.list.items = this.list.items.map((each) => (each.id === leadId ? { ...each, incident } : each));
  }

  /** The row `step` away from an alert; the first one where it is not in the list. */
  neighbour(id: string | null, step: number): AlertView | null {
    const rows = this.rows;
    const at = rows.findIndex((row) => row.id === id);
    if (at < 0) return rows[0] ?? null;
    return rows[Math.min(rows.length - 1, Math.max(0, at + step))] ?? null;
  }

  /** What stands where this one was once it is gone: the next, else the one before. */
  after(id: string): AlertView | null {
    const rows = this.rows;
    const at = rows.findIndex((row) => row.id === id);
    return rows[at + 1] ?? rows[at - 1] ?? null;
  }

  /** An alert that this page has changed itself. */
  put(alert: AlertView): void {
    this.take(alert, true);
    alertCount.put(alert);
  }

  /** Changes an alert and says so, with a way back where there is one. @returns whether it was done. */
  async change(alert: AlertView, change: AlertChange): Promise<boolean> {
    try {
      const changed = await api.changeAlert(alert.id, change);
      this.put(changed);
      const said = changeWords(changed, change);
      const back = wayBack(alert, change);
      if (said !== null)
        toasts.show({
          text: said,
          ...(back && {
            undo: async () => {
              await this.change(changed, back);
            },
          }),
        });
      return true;
    } catch (thrown) {
      await this.#sayRefused(alert, toApiError(thrown));
      return false;
    }
  }

  /** Somebody was faster: that is said, and shown as it stands now. It is no error. */
  async #sayRefused(alert: AlertView, error: ApiError): Promise<void> {
    if (error.code !== 'illegal_transition') {
      toasts.show({ text: `${alert.number} was not changed. ${error.message}`, detail: error.next });
      return;
    }
    toasts.show({ text: error.next });
    try {
      this.put(await api.alert(alert.id));
    } catch (thrown) {
      // The list is then as old as before; the message has said what happened.
      toApiError(thrown);
    }
  }
}
