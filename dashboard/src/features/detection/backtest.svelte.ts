import { api } from '../../api/api.js';
import { Resource } from '../../api/resource.svelte.js';
import { Submission } from '../../api/submission.svelte.js';
import type { BacktestView, DetectionSettings } from '../../api/types.js';

/** How often it is asked how far a backtest is, in milliseconds. */
const ASK_EVERY_MS = 700;

/** The newest backtest, also one that was begun elsewhere; it goes on when the page is closed. */
export class Backtest {
  readonly sending = new Submission();
  readonly newest = new Resource<BacktestView | null>(async () => {
    const [latest] = (await api.backtests()).items;
    return latest ? api.backtest(latest.id) : null;
  });
  readonly isActive = $derived(this.newest.value?.state === 'waiting' || this.newest.value?.state === 'running');

  /** Follows it while it is active. @returns how to stop */
  follow = (): (() => void) | undefined => {
    if (!this.isActive) return undefined;
    const timer = setInterval(() => void this.newest.load(), ASK_EVERY_MS);
    return () => clearInterval(timer);
  };

  start(settings: DetectionSettings, days: number): Promise<boolean> {
    return this.sending.run(async () => {
      this.newest.value = await api.startBacktest({ settings, days });
    });
  }

  cancel(): Promise<boolean> {
    return this.sending.run(async () => {
      if (this.newest.value) this.newest.value = await api.cancelBacktest(this.newest.value.id);
    });
  }
}
