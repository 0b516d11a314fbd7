import { api } from '../../api/api.js';
import { toApiError } from '../../api/api-error.js';
import type { AlertChange, AlertDetail, AlertReach, AlertView, Hold } from '../../api/types.js';
import { isOver } from '../../live/folded.js';
import { ago, zone } from '../../ui/time.svelte.js';
import { toasts } from '../../ui/toasts.svelte.js';
import { count } from '../../ui/wording.js';
import { holds } from './change-words.js';
import type { Dismissal } from './alert-words.js';
import type { Inbox } from './inbox.svelte.js';
import { throttleAddress } from '../entity/throttle.js';
import { asksFirst, doneWords } from './reach-words.js';
import type { Selection } from './selection.svelte.js';

/** What the desk works on and where it goes next. */
type Around = {
  inbox: Inbox;
  selection: Selection;
  /** The alert that is open and loaded. */
  alert: () => AlertDetail | null;
  mayAct: () => boolean;
  reload: () => void;
  /** Opens another alert, and gives it the focus. */
  openNext: (next: AlertView | null) => void;
};

/** What an analyst does to the alert that is open, or to all that are selected: one key, one click each. */
export class Desk {
  /** What is being asked before it is done. */
  asking = $state<'dismiss' | 'snooze' | 'merge' | 'assign' | null>(null);
  note = $state('');
  /** Whether dismissing also keeps quiet about the like. */
  mute = $state(false);
  busy = $state(false);
  /** What containing several alerts at once would do; asked before. */
  confirming = $state.raw<AlertReach | null>(null);
  readonly #around: Around;

  constructor(around: Around) {
    this.#around = around;
  }

  /** The open alert, where something can be done about it now. */
  get #open(): AlertDetail | null {
    const alert = this.#around.alert();
    return alert && this.#around.mayAct() && !this.busy && !isOver(alert.status) ? alert : null;
  }

  get #several(): boolean {
    return this.#around.selection.alerts.length > 0;
  }

  /** Another alert is open: nothing is being asked about it yet. */
  reset(): void {
    this.asking = null;
    this.note = '';
    this.mute = false;
  }

  ask(what: 'dismiss' | 'snooze' | 'merge' | 'assign'): void {
    if (!this.#around.mayAct() || (!this.#several && !this.#open)) return;
    if (what === 'assign' && this.#several) return;
    this.asking = this.asking === what ? null : what;
  }

  async take(): Promise<void> {
    if (this.#several) await this.#around.selection.change({ action: 'take' }, 'assigned to you');
    else await this.#change({ action: 'take' }, false);
  }

  /** Gives the open alert to somebody else, or to nobody. */
  async assign(to: string | null): Promise<void> {
    await this.#change({ action: 'assign', to }, false);
    this.asking = null;
  }

  /** Has an address refused for an hour, with a way back. */
  async block(ip: string): Promise<void> {
    if (!this.#around.mayAct() || this.busy) return;
    this.busy = true;
    await throttleAddress(ip, () => this.#around.reload());
    this.busy = false;
    this.#around.reload();
  }

  async reopen(note?: string): Promise<void> {
    const alert = this.#around.alert();
    if (!alert || this.busy) return;
    await this.#around.inbox.change(alert, { action: 'reopen', ...(note ? { note } : {}) });
    this.#around.reload();
  }

  async addNote(note: string): Promise<boolean> {
    const alert = this.#around.alert();
    if (!alert || !this.#around.mayAct() || note.trim() === '') return false;
    const done = await this.#around.inbox.change(alert, { action: 'note', note: note.trim() });
    this.#around.reload();
    return done;
  }

  async dismiss({ words, verdict }: Dismissal): Promise<void> {
    if (this.#several) {
      this.asking = null;
      await this.#around.selection.change({ action: 'resolve', verdict, note: words }, 'dismissed');
      return;
    }
    const text = this.note.trim();
    const note = text === '' ? words : `${words}: ${text}`;
    await this.#change({ action: 'resolve', verdict, note, ...(this.mute ? { mute: true } : {}) }, true);
  }

  async snooze(until: Hold): Promise<void> {
    const hold = { action: 'hold', until, timeZone: zone.name } as const;
    if (this.#several) {
      this.asking = null;
      await this.#around.selection.change(hold, 'put off');
    } else await this.#change(hold, true);
  }

  snoozeNth(index: number): void {
    const hold = holds[index];
    if (hold) void this.snooze(hold.until);
  }

  /** Back before its time. */
  async bringBack(): Promise<void> {
    await this.#change({ action: 'return' }, false);
  }

  /** Makes what is selected part of the open alert, or the open one part of another. */
  async merge(into: AlertView): Promise<void> {
    const open = this.#open;
    if (!open) return;
    await this.#mergeInto([open], into);
  }
  async mergeSelected(): Promise<void> {
    const [into, ...others] = this.#around.selection.alerts;
    if (!into || others.length === 0) return;
    this.#around.selection.clear();
    await this.#mergeInto(others, into);
  }

  async askPerson(): Promise<void> {
    const alert = this.#open;
    if (!alert?.askable) return;
    await this.#do(async () => {
      const { person } = await api.askPerson(alert.id);
      toasts.show({
        text: `${person} is asked by mail “Was this you?”.`,
        detail: 'The answer appears here by itself.',
      });
    });
    this.#around.reload();
  }

  /** One alert, or one takeover, at once; several, or an attack of several alerts, after a look at what that reaches. */
  async contain(): Promise<void> {
    if (this.#several) {
      this.confirming = await this.#around.selection.reach();
      return;
    }
    const alert = this.#open;
    if (!alert) return;
    if (asksFirst(alert.reach)) this.confirming = alert.reach;
    else await this.#containOne(alert);
  }

  /** What was looked at is wanted. */
  async containAll(): Promise<void> {
    this.confirming = null;
    if (this.#several) await this.#around.selection.contain();
    else if (this.#open) await this.#containOne(this.#open);
  }

  /** Lets sources in again and lifts the demand of new passwords, long after the message is gone. */
  async release(containmentId: string): Promise<void> {
    await this.#undoContainment(containmentId, { reopen: false });
  }

  async #containOne(alert: AlertDetail): Promise<void> {
    const next = this.#around.inbox.after(alert.id);
    const done = await this.#do(async () => {
      const receipt = await api.containAlert(alert.id);
      this.#around.inbox.put(receipt.alert);
      if (receipt.earlier) {
        toasts.show({ text: `${receipt.earlier.by} contained this ${ago(receipt.earlier.at, Date.now())}.` });
        return;
      }
      const { id, revocationIds } = receipt;
      const undone = receipt.people.filter(({ note }) => note !== null).map(({ note }) => note);
      toasts.show({
        text: `${alert.number} is contained. ${doneWords(receipt)}.`,
        detail: [...undone, 'They can sign in again.'].join(' '),
        ...(revocationIds[0] === undefined
          ? {}
          : { link: { href: `/receipts/${revocationIds[0]}`, label: 'Receipt' } }),
        undo: () => this.#undoContainment(id, {}),
      });
    });
    if (done) this.#next(next);
  }

  async #undoContainment(id: string, parts: { reopen?: boolean }): Promise<void> {
    await this.#do(async () => {
      const { releasedSources, liftedPasswords } = await api.undoContainment(id, parts);
      toasts.show({
        text: `${count(releasedSources, 'address')} may sign in again, ${count(liftedPasswords, 'demand')} of a new password lifted.`,
        detail: 'Ended sessions stay ended.',
      });
    });
    await this.#around.inbox.load();
    this.#around.reload();
  }

  async #mergeInto(alerts: readonly AlertView[], into: AlertView): Promise<void> {
    const merged: AlertView[] = [];
    await this.#do(async () => {
      for (const alert of alerts) {
        await api.mergeAlert(alert.id, into.id);
        merged.push(alert);
      }
    });
    this.asking = null;
    if (merged.length === 0) return;
    await this.#around.inbox.load();
    this.#around.openNext(into);
    this.#around.reload();
    toasts.show({
      text: `${merged.map(({ number }) => number).join(', ')} is part of ${into.number} now.`,
      undo: async () => {
        await this.#do(async () => {
          for (const { id } of merged) await api.unmergeAlert(id);
        });
        await this.#around.inbox.load();
        this.#around.reload();
      },
    });
  }

  async #change(change: AlertChange, leaves: boolean): Promise<void> {
    const alert = this.#open;
    if (!alert) return;
    const next = this.#around.inbox.after(alert.id);
    this.busy = true;
    const done = await this.#around.inbox.change(alert, change);
    this.busy = false;
    if (leaves && done) this.#next(next);
    else this.#around.reload();
  }

  #next(next: AlertView | null): void {
    this.asking = null;
    this.#around.openNext(next);
  }

  /** @returns whether it was done; what was not is said. */
  async #do(work: () => Promise<void>): Promise<boolean> {
    this.busy = true;
    try {
      await work();
      return true;
    } catch (thrown) {
      const error = toApiError(thrown);
      if (error.code === 'illegal_transition') toasts.show({ text: error.next });
      else toasts.show({ text: `Not all of it was done. ${error.message}`, detail: error.next });
      return false;
    } finally {
      this.busy = false;
    }
  }
}
