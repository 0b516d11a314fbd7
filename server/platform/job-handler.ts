import type { Worker } from 'bullmq';
import type { Logger } from './logging.js';

/** A queue's worker with what has to be closed along with it. */
export type OpenedWorker = { worker: Worker; close: () => Promise<unknown> };

/** Pause before a worker that met trouble is opened anew, in milliseconds. */
const RENEW_MS = 1_000;

/**
 * Runs the jobs of one queue, and opens its worker anew after trouble. BullMQ keeps a failed first connection for ever and asks it
 * again without a pause: a worker opened while PostgreSQL was shutting down span and let nothing else in the process run.
 */
export class JobHandler {
  private opened: OpenedWorker | undefined;
  private timer: NodeJS.Timeout | undefined;
  private stopped = false;

  constructor(
    private readonly openWorker: () => OpenedWorker,
    private readonly logger: Logger,
  ) {
    this.open();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.opened?.close();
  }

  private open(): void {
    const opened = this.openWorker();
    opened.worker.on('failed', (job, error) => this.logger.error({ err: error, job: job?.name }, 'job failed'));
    opened.worker.on('error', (error) => this.renew(opened, error));
    this.opened = opened;
  }

  private renew(troubled: OpenedWorker, error: Error): void {
    // One that is on its way out may still complain.
    if (this.opened !== troubled || this.stopped) return;
    this.opened = undefined;
    this.logger.warn({ err: error }, 'queue worker met trouble, opening another');
    // Closing takes effect in this very moment, which ends the worker's loop; how it ends is of no interest any more.
    troubled.close().catch((late: unknown) => this.logger.debug({ err: late }, 'former queue worker'));
    this.timer = setTimeout(() => this.open(), RENEW_MS);
  }
}
