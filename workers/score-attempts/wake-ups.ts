import type { Worker } from 'bullmq';
import type { JobQueue } from '../../server/platform/queue.js';

/** Hears the `score-attempts` jobs while this worker holds the lane. */
export class WakeUps {
  private worker: Worker | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly onWake: () => void,
  ) {}

  listen(on: boolean): void {
    if (on && !this.worker) {
      this.worker = this.queue.handle('score-attempts', () => {
        this.onWake();
        return Promise.resolve();
      });
    } else if (!on && this.worker) {
      this.queue.release(this.worker);
      this.worker = undefined;
    }
  }
}
