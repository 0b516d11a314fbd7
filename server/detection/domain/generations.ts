/**
 * A map with a bound that forgets what was not used for longest, roughly: entries live in a young and an old
 * generation, a use moves an entry to the young one, and a full young generation becomes the old one. At most
 * `2 × capacity` entries; every operation is O(1) and needs no list of uses.
 */
export class Generations<K, V> {
  private young = new Map<K, V>();
  private old = new Map<K, V>();
  private spent = 0;

  /**
   * @param capacity entries of one generation
   * @param budget weight of one generation, for entries that grow: `weigh` says what an entry weighs when it moves,
   * `spend` reports growth
   */
  constructor(
    private readonly capacity: number,
    private readonly budget = Infinity,
    private readonly weigh: (value: V) => number = () => 0,
  ) {}

  get(key: K): V | undefined {
    const value = this.young.get(key);
    if (value !== undefined) return value;
    const aged = this.old.get(key);
    if (aged !== undefined) {
      this.old.delete(key);
      this.set(key, aged);
    }
    return aged;
  }

  has(key: K): boolean {
    return this.young.has(key) || this.old.has(key);
  }

  set(key: K, value: V): void {
    this.young.set(key, value);
    this.spend(this.weigh(value));
  }

  spend(weight: number): void {
    this.spent += weight;
    if (this.young.size >= this.capacity || this.spent >= this.budget) this.turn();
  }

  delete(key: K): void {
    this.young.delete(key);
    this.old.delete(key);
  }

  get size(): number {
    return this.young.size + this.old.size;
  }

  /** The young generation becomes the old one; the old one is forgotten. */
  private turn(): void {
    this.old = this.young;
    this.young = new Map();
    this.spent = 0;
  }
}
