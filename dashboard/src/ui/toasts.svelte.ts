/** How long a message stays while nobody looks at it, in milliseconds. */
const STAY_MS = 10_000;

export type Toast = {
  /** Names the thing: "Signed out Firefox on Windows". */
  text: string;
  /** The quieter second half: "They can sign in again." */
  detail?: string;
  link?: { href: string; label: string };
  undo?: () => void | Promise<void>;
  /** Something else that can be done about it; the message goes with it. */
  action?: { label: string; run: () => void | Promise<void> };
};
type Shown = Toast & { key: number };

class Toasts {
  list = $state<Shown[]>([]);
  #next = 0;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  show(toast: Toast): void {
    const key = this.#next++;
    // Two at most: older ones have been read or are in the audit trail.
    this.list = [...this.list.slice(-1), { ...toast, key }];
    this.start(key);
  }

  close(key: number): void {
    this.hold(key);
    this.list = this.list.filter((toast) => toast.key !== key);
  }

  clear(): void {
    for (const toast of this.list) this.close(toast.key);
  }

  /** Stops the time while a toast is under the pointer or has the focus. */
  hold(key: number): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.delete(key);
  }

  start(key: number): void {
    this.hold(key);
    this.#timers.set(
      key,
      setTimeout(() => this.close(key), STAY_MS),
    );
  }

  async act({ key, action }: Shown): Promise<void> {
    this.close(key);
    await action?.run();
  }

  /** Undoes the newest action that can be undone; the key `z` and the button both come here. */
  async undoLast(): Promise<void> {
    const last = this.list.findLast((toast) => toast.undo !== undefined);
    if (!last) return;
    this.close(last.key);
    await last.undo?.();
  }
}
export const toasts = new Toasts();
