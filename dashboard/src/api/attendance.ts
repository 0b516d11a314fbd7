/** So long after somebody touched the page, what it asks is still theirs; later it asks by itself. In milliseconds. */
const ATTENDED_MS = 10_000;
const touches = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** Whether somebody is at this page, as far as it can tell. Opening it is the first sign. */
class Attendance {
  #touchedAt = Date.now();

  /** Begins to look whether the page is touched. */
  watch(): void {
    for (const touch of touches)
      addEventListener(touch, () => (this.#touchedAt = Date.now()), { capture: true, passive: true });
  }

  get idleMs(): number {
    return Date.now() - this.#touchedAt;
  }

  get attended(): boolean {
    return this.idleMs < ATTENDED_MS;
  }
}
export const attendance = new Attendance();
