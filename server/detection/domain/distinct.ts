/**
 * Counts distinct 32-bit values without allocating: an open-addressing table that is emptied by raising a stamp. Holds
 * up to half its size; windows keep fewer events than that.
 */
export class Distinct {
  private readonly values: Int32Array;
  private readonly stamps: Int32Array;
  private readonly mask: number;
  private stamp = 0;
  count = 0;

  /** @param size a power of two, at least twice the most values ever counted */
  constructor(size: number) {
    this.values = new Int32Array(size);
    this.stamps = new Int32Array(size);
    this.mask = size - 1;
  }

  clear(): void {
    this.stamp = (this.stamp + 1) | 0;
    this.count = 0;
  }

  /** True when the value is new. */
  add(value: number): boolean {
    let slot = Math.imul(value, 0x9e3779b1) >>> 16;
    for (;;) {
      slot &= this.mask;
      if (this.stamps[slot] !== this.stamp) {
        this.stamps[slot] = this.stamp;
        this.values[slot] = value;
        this.count += 1;
        return true;
      }
      if (this.values[slot] === value) return false;
      slot += 1;
    }
  }
}
