import { systemActor } from '../../server/audit/append-audit.js';
import type { Logger } from '../../server/platform/logging.js';
import { simulate } from '../../server/simulation/simulate.js';
import type { CompanyPort } from '../../server/simulation/simulated-company.js';
import type { SwitchSimulation } from '../../server/simulation/switch-simulation.js';

/** How long to wait before a simulation that failed is tried again, in milliseconds. */
const RETRY_MS = 10_000;

type Dependencies = { url: string; switch: SwitchSimulation; company: CompanyPort; logger: Logger };

/**
 * Lives the simulated company while the installation wants one, in the worker that holds the lane, so that there is only one.
 * It sends through the public API like any other application.
 */
export class CompanyRunner {
  private running: { abort: AbortController; ended: Promise<void> } | undefined;
  private holding = false;
  private busy: Promise<void> = Promise.resolve();

  constructor(private readonly from: Dependencies) {}

  /** Looks what is wanted and does it, one look at a time. */
  look(holding: boolean = this.holding): void {
    this.holding = holding;
    this.busy = this.busy
      .then(() => this.follow())
      .catch((error: unknown) => this.from.logger.error({ err: error }, 'simulated company'));
  }

  async stop(): Promise<void> {
    this.look(false);
    await this.busy;
  }

  private async follow(): Promise<void> {
    if (!this.holding) return this.end();
    const { state } = await this.from.switch.read();
    if (state === 'off') return this.end();
    if (state === 'removing') {
      await this.end();
      await simulate({ url: this.from.url, remove: true }, { company: this.from.company, signal: AbortSignal.abort() });
      return this.from.switch.move('removing', 'off', systemActor);
    }
    if (state === 'starting') await this.from.switch.move('starting', 'running', systemActor);
    this.begin();
  }

  private begin(): void {
    if (this.running) return;
    const abort = new AbortController();
    const ended = simulate({ url: this.from.url }, { company: this.from.company, signal: abort.signal })
      .then(() => undefined)
      .catch((error: unknown) => {
        if (abort.signal.aborted) return;
        this.from.logger.error({ err: error }, 'the simulated company stopped and will start again');
        this.running = undefined;
        setTimeout(() => this.look(), RETRY_MS).unref();
      });
    this.running = { abort, ended };
  }

  private async end(): Promise<void> {
    const running = this.running;
    this.running = undefined;
    running?.abort.abort();
    await running?.ended;
  }
}
