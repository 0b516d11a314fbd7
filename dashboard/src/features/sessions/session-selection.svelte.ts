import type { SessionView } from '../../api/types.js';

/** Sessions that are picked, to be ended together. Only what can be ended can be picked. */
export class SessionSelection {
  ids = $state.raw<ReadonlySet<string>>(new Set());
  /** The row that was picked last: a range begins there. */
  #anchor: string | null = null;
  readonly #rows: () => readonly SessionView[];

  /** @param rows those that can be picked, in the order in which they are shown */
  constructor(rows: () => readonly SessionView[]) {
    this.#rows = rows;
  }

  /** What is picked and can still be ended: what somebody else ended meanwhile counts no more. */
  get picked(): SessionView[] {
    return this.#rows().filter(({ id }) => this.ids.has(id));
  }

  get people(): number {
    return new Set(this.picked.map(({ person }) => person.id)).size;
  }

  get all(): boolean {
    const rows = this.#rows();
    return rows.length > 0 && this.picked.length === rows.length;
  }

  toggle(id: string): void {
    if (!this.#rows().some((row) => row.id === id)) return;
    const ids = new Set(this.ids);
    if (!ids.delete(id)) ids.add(id);
    this.ids = ids;
    this.#anchor = id;
  }

  /** Everything from the row that was picked last, up or down, to this one. */
  extendTo(id: string): void {
    const rows = this.#rows().map((row) => row.id);
    const to = rows.indexOf(id);
    if (to === -1) return;
    const from = this.#anchor === null ? to : rows.indexOf(this.#anchor);
    const [first, last] = [from === -1 ? to : from, to].sort((a, b) => a - b);
    this.ids = new Set([...this.ids, ...rows.slice(first, (last ?? to) + 1)]);
    this.#anchor = id;
  }

  toggleAll(): void {
    this.ids = this.all ? new Set() : new Set(this.#rows().map(({ id }) => id));
  }

  clear(): void {
    this.ids = new Set();
    this.#anchor = null;
  }
}
