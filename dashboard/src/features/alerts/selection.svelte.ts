import { api } from '../../api/api.js';
import { toApiError } from '../../api/api-error.js';
import type { AlertChange, AlertReach, AlertView, ContainmentReceipt } from '../../api/types.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { count } from '../../ui/wording.js';
import { wayBack } from './change-words.js';
import type { Inbox } from './inbox.svelte.js';
import { doneWords } from './reach-words.js';

/** The alerts that are picked with `x`, and what is done to all of them at once. */
export class Selection {
  ids = $state.raw<ReadonlySet<string>>(new Set());
  busy = $state(false);
  readonly #inbox: Inbox;
  readonly #closed: () => void;

  /** @param closed runs after alerts were closed, so that what is open can be another */
  constructor(inbox: Inbox, closed: () => void) {
    this.#inbox = inbox;
    this.#closed = closed;
  }

  /** Those of them that are still in the list. */
  get alerts(): AlertView[] {
    return this.#inbox.rows.filter(({ id }) => this.ids.has(id));
  }

  toggle(id: string): void {
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    this.ids = ids;
  }

  add(...ids: string[]): void {
    this.ids = new Set([...this.ids, ...ids]);
  }

  clear(): void {
    this.ids = new Set();
  }

  /** Everything from the row that was picked last down or up to this one. */
  addTo(id: string): void {
    const rows = this.#inbox.rows.map((row) => row.id);
    const last = [...this.ids].at(-1) ?? id;
    const [from, to] = [rows.indexOf(last), rows.indexOf(id)].sort((a, b) => a - b);
    this.add(...rows.slice(Math.max(0, from ?? 0), (to ?? 0) + 1));
  }

  /** Asks how far containing would reach; null where that could not be found out. */
  async reach(): Promise<AlertReach | null> {
    try {
      return await api.reachOf(this.alerts.map(({ id }) => id));
    } catch (thrown) {
      const error = toApiError(thrown);
      toasts.show({ text: `Nothing was done. ${error.message}`, detail: error.next });
      return null;
    }
  }

  /** Contains all of them, each with all that belongs to it, and closes them as real attacks. */
  async contain(): Promise<void> {
    const receipts: ContainmentReceipt[] = [];
    const { alerts } = this;
    await this.#each(async () => {
      for (const { id } of alerts) receipts.push(await api.containAlert(id));
    });
    for (const { alert } of receipts) this.#inbox.put(alert);
    if (receipts.length === 0) return;
    this.clear();
    this.#closed();
    toasts.show({
      text: `${count(receipts.length, 'alert')} contained. ${doneWords(together(receipts))}.`,
      detail: 'They can sign in again.',
      undo: async () => {
        await this.#each(async () => {
          for (const { id, earlier } of receipts) if (earlier === null) await api.undoContainment(id);
        });
        await this.#inbox.load();
      },
    });
  }

  /** Changes all of them; those that somebody else was faster with stay as they are. @param done e.g. `dismissed` */
  async change(change: AlertChange, done: string): Promise<void> {
    const { alerts } = this;
    const changed: AlertView[] = [];
    await this.#each(async () => {
      for (const alert of alerts) changed.push(await api.changeAlert(alert.id, change));
    });
    for (const alert of changed) this.#inbox.put(alert);
    if (changed.length === 0) return;
    this.clear();
    if (change.action === 'resolve' || change.action === 'hold') this.#closed();
    toasts.show({ text: `${count(changed.length, 'alert')} ${done}.`, undo: () => this.#back(alerts, change) });
  }

  async #back(alerts: readonly AlertView[], change: AlertChange): Promise<void> {
    await this.#each(async () => {
      for (const alert of alerts) {
        const back = wayBack(alert, change);
        if (back) this.#inbox.put(await api.changeAlert(alert.id, back));
      }
    });
  }

  /** @returns whether all of it was done */
  async #each(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await work();
      return true;
    } catch (thrown) {
      const error = toApiError(thrown);
      toasts.show({ text: `Not all of it was done. ${error.message}`, detail: error.next });
      return false;
    } finally {
      this.busy = false;
    }
  }
}

/** What several containments did, as one. */
function together(receipts: readonly ContainmentReceipt[]): Pick<ContainmentReceipt, 'people' | 'throttledSources'> {
  return {
    people: receipts.flatMap(({ people }) => people),
    throttledSources: receipts.reduce((sum, { throttledSources }) => sum + throttledSources, 0),
  };
}
