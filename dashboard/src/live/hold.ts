/** Why the list stands still. Each reason is set and dropped on its own; the list moves again when none is left. */
export type HoldReason = 'scroll' | 'selection' | 'hover' | 'press' | 'cursor' | 'open' | 'pause';

/** How long the pointer must rest on the list before it is held, in milliseconds. */
export const HOVER_HOLD_MS = 600;

/** Collects the reasons to hold the list. `pause` is the person's own decision, so only the person lifts it. */
export class Hold {
  readonly #reasons = new Set<HoldReason>();

  /** @returns whether the list changed between held and moving. */
  set(reason: HoldReason, on: boolean): boolean {
    const before = this.held;
    if (on) this.#reasons.add(reason);
    else this.#reasons.delete(reason);
    return before !== this.held;
  }

  /** Lets go of everything but a deliberate pause (which `goLive` lifts too). @returns as `set`. */
  release(goLive: boolean): boolean {
    const before = this.held;
    const paused = this.has('pause');
    this.#reasons.clear();
    if (paused && !goLive) this.#reasons.add('pause');
    return before !== this.held;
  }

  has(reason: HoldReason): boolean {
    return this.#reasons.has(reason);
  }

  get held(): boolean {
    return this.#reasons.size > 0;
  }
}
