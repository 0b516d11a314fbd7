import type { DataSource } from 'typeorm';
import { addressOf } from '../platform/address.js';
import { readThrottled } from './store/throttled-sources.js';

/** Sources held in memory; beyond it the ones that end first are let go. */
const HELD_MAX = 100_000;

/** The sources that staff has sign-ins refused from, as the worker that answers decisions knows them. */
export class ThrottledSources {
  /** Until when, in milliseconds since 1970, by address or, as one host has many, by /64. */
  private untilBy = new Map<string, number>();
  private looking = false;
  private again = false;

  constructor(
    private readonly database: DataSource,
    private readonly onError: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  has(addressKey: string): boolean {
    return (this.untilBy.get(addressKey) ?? 0) > this.now();
  }

  /** Something was changed. While it can't be read, what was known stays true. */
  async look(): Promise<void> {
    this.again = true;
    if (this.looking) return;
    this.looking = true;
    try {
      while (this.again) {
        this.again = false;
        const rows = await readThrottled(this.database, HELD_MAX);
        this.untilBy = new Map(rows.map(({ ip, until }) => [addressOf(ip).addressKey, until.getTime()]));
      }
    } catch (error) {
      this.onError(error);
    } finally {
      this.looking = false;
    }
  }
}
