import type { DataSource } from 'typeorm';
import { readChallenged } from './store/sign-in-challenges.js';

/** People held in memory; beyond it the ones that end first are let go. */
const HELD_MAX = 100_000;

/** People of whom the next sign-in asks for more, as the worker that answers decisions knows them. */
export class ChallengedPeople {
  /** Until when, in milliseconds since 1970, by person. */
  private untilBy = new Map<string, number>();
  private looking = false;
  private again = false;

  constructor(
    private readonly database: DataSource,
    private readonly onError: (error: unknown) => void,
    private readonly now: () => number = Date.now,
  ) {}

  has(personId: string | undefined): boolean {
    return personId !== undefined && (this.untilBy.get(personId) ?? 0) > this.now();
  }

  /** Something was changed. While it can't be read, what was known stays true. */
  async look(): Promise<void> {
    this.again = true;
    if (this.looking) return;
    this.looking = true;
    try {
      while (this.again) {
        this.again = false;
        const rows = await readChallenged(this.database, HELD_MAX);
        this.untilBy = new Map(rows.map(({ id, until }) => [id, until.getTime()]));
      }
    } catch (error) {
      this.onError(error);
    } finally {
      this.looking = false;
    }
  }
}
