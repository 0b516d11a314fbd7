import type { DataSource } from 'typeorm';
import { type Waiting, waitingInInbox } from './inbox.js';

/** How old the measured backlog may be, in milliseconds. */
const MEASURE_EVERY_MS = 500;

/** Knows how much is accepted and not yet scored, for admission, health and metrics. */
export class Backlog {
  current: Waiting = { waiting: 0, oldestSeconds: 0 };
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly onError: (error: unknown) => void,
  ) {}

  async measure(): Promise<Waiting> {
    const [row] = await this.database.query<Waiting[]>(waitingInInbox);
    if (row) this.current = row;
    return this.current;
  }

  start(): void {
    const again = (): void => {
      this.timer = setTimeout(() => void this.measure().catch(this.onError).finally(again), MEASURE_EVERY_MS);
      this.timer.unref();
    };
    again();
  }

  stop(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }
}
