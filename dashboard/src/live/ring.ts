/**
 * Keeps the newest `capacity` items and forgets the oldest. A plain array on purpose: at 1,000 attempts a second, deep
 * reactive state would spend the whole frame on proxies, so the screen reads this by position when it draws.
 */
export class Ring<T> {
  readonly #items: (T | undefined)[];
  readonly #arrivals: Float64Array;
  #next = 0;
  #size = 0;
  /** How many items were pushed out since the last `clear`. */
  trimmed = 0;

  constructor(readonly capacity: number) {
    this.#items = new Array<T | undefined>(capacity).fill(undefined);
    this.#arrivals = new Float64Array(capacity);
  }

  get size(): number {
    return this.#size;
  }

  /** @param arrivedAt milliseconds of any monotonic clock; only compared with itself (0 = long ago). */
  push(item: T, arrivedAt = 0): void {
    this.#items[this.#next] = item;
    this.#arrivals[this.#next] = arrivedAt;
    this.#next = (this.#next + 1) % this.capacity;
    if (this.#size < this.capacity) this.#size += 1;
    else this.trimmed += 1;
  }

  /** The item at `position`, 0 being the newest; undefined beyond the end. */
  at(position: number): T | undefined {
    return position < 0 || position >= this.#size ? undefined : this.#items[this.#slot(position)];
  }

  /** When the item at `position` arrived; 0 beyond the end. */
  arrivedAt(position: number): number {
    return position < 0 || position >= this.#size ? 0 : (this.#arrivals[this.#slot(position)] ?? 0);
  }

  clear(): void {
    this.#items.fill(undefined);
    this.#next = 0;
    this.#size = 0;
    this.trimmed = 0;
  }

  /** Moves everything into `target`, oldest first, and leaves this one empty. */
  drainInto(target: Ring<T>): void {
    for (let position = this.#size - 1; position >= 0; position -= 1) {
      const item = this.at(position);
      if (item !== undefined) target.push(item, this.arrivedAt(position));
    }
    this.clear();
  }

  /** Newest first. */
  *[Symbol.iterator](): Generator<T> {
    for (let position = 0; position < this.#size; position += 1) {
      const item = this.at(position);
      if (item !== undefined) yield item;
    }
  }

  #slot(position: number): number {
    return (this.#next - 1 - position + 2 * this.capacity) % this.capacity;
  }
}
