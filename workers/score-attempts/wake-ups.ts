import type { JobHandler } from '../../server/platform/job-handler.js';
import type { JobQueue } from '../../server/platform/queue.js';

/** Hears the `score-attempts` jobs while this worker holds the lane. */
export class WakeUps {
  private handler: JobHandler | undefined;

  constructor(
    private readonly queue: JobQueue,
    private readonly onWake: () => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  listen(on: boolean): void {
    if (on && !this.handler) {
      this.handler = this.queue.handle('score-attempts', () => {
        this.onWake();
        return Promise.resolve();
      });
    } else if (!on && this.handler) {
      this.handler.stop().catch(this.onError);
      this.handler = undefined;
    }
  }
}
