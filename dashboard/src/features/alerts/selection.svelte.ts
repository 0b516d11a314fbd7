import { api } from '../../api/api.js';
import { toApiError } from '../../api/api-error.js';
import type { AlertChange, AlertView } from '../../api/types.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { count } from '../../ui/wording.js';
import type { Inbox } from './inbox.svelte.js';

/** What containing the selected alerts would end, exactly. */
export type Reach = { alerts: number; sessions: number; people: { id: string; name: string }[] };

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

  /** Asks how far containing would reach; null where that could not be found out. */
  async reach(): Promise<Reach | null> {
    try {
      const details = await Promise.all(this.alerts.map(({ id }) => api.alert(id)));
      const people = new Map<string, { id: string; name: string; sessions: number }>();
      for (const { person, openSessions } of details)
        if (person && openSessions > 0) people.set(person.id, { ...person, sessions: openSessions });
      const concerned = [...people.values()];
      return {
        alerts: details.length,
        sessions: concerned.reduce((sum, { sessions }) => sum + sessions, 0),
        people: concerned,
      };
    } catch (thrown) {
      const error = toApiError(thrown);
      toasts.show({ text: `Nothing was done. ${error.message}`, detail: error.next });
      return null;
    }
  }

  /** Ends what was reached and closes the alerts as real attacks; where not all could be ended they stay open. */
  async contain({ people }: Reach): Promise<void> {
    const ended = await this.#each(async () => {
      for (const { id } of people) await api.endSessionsOf(id);
    });
    if (ended) await this.change({ action: 'resolve', verdict: 'true_positive' }, 'contained');
  }

  /** Changes all of them; those that somebody else was faster with stay as they are. @param done e.g. `dismissed` */
  async change(change: AlertChange, done: string): Promise<void> {
    const { alerts } = this;
    const changed: AlertView[] = [];
    await this.#each(async () => {
      for (const alert of alerts) changed.push(await api.changeAlert(alert.id, change));
    });
    for (const alert of changed) this.#inbox.take(alert);
    if (changed.length === 0) return;
    this.clear();
    if (change.action === 'resolve') this.#closed();
    toasts.show({
      text: `${count(changed.length, 'alert')} ${done}.`,
      ...(change.action === 'resolve' ? { undo: () => this.#reopen(changed) } : {}),
    });
  }

  async #reopen(alerts: readonly AlertView[]): Promise<void> {
    await this.#each(async () => {
      for (const { id } of alerts) this.#inbox.take(await api.changeAlert(id, { action: 'reopen' }));
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
