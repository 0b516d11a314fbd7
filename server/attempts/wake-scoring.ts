import type { JobQueue } from '../platform/queue.js';

/** Wake-ups further apart than this go out at once; closer ones are gathered, in milliseconds. Under load scoring doesn't sleep anyway. */
const GATHER_MS = 20;

/** Wakes scoring after commits, at most once in a while, and never without a last one. */
export class WakeScoring {
  private timer: NodeJS.Timeout | undefined;
  private lastAt = 0;
  private waking = false;
  private again = false;

  constructor(
    private readonly queue: JobQueue,
    private readonly now: () => number,
    private readonly onError: (error: unknown) => void,
  ) {}

  wake(): void {
    if (this.waking) {
      this.again = true;
      return;
    }
    const wait = this.lastAt + GATHER_MS - this.now();
    if (wait <= 0) void this.send();
    else this.timer ??= setTimeout(() => void this.send(), wait);
  }

  private async send(): Promise<void> {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.waking = true;
    this.lastAt = this.now();
    // A wake-up that can't be sent is made up for by the lane's own sweep.
    await this.queue.wake('score-attempts', {}).catch(this.onError);
    this.waking = false;
    this.wakeAgain();
  }

  private wakeAgain(): void {
    if (!this.again) return;
    this.again = false;
    this.wake();
  }
}
