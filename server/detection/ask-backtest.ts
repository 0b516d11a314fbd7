import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { AlertDifference, BacktestRequest, BacktestView } from '../contracts/backtests.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { JobQueue } from '../platform/queue.js';
import { requireSound } from './change-detection-policy.js';
import {
  cancelBacktest,
  forgetOldBacktests,
  insertBacktest,
  namesOf,
  readBacktest,
  readBacktests,
} from './store/backtests.js';
import { readPolicyInForce } from './store/detection-policies.js';

/** Backtests as people ask for them, watch them and cancel them; a worker runs them. */
export class AskBacktest {
  constructor(
    private readonly database: DataSource,
    private readonly queue: JobQueue,
  ) {}

  /**
   * Compares settings with the ones in force now.
   * @throws Refusal `invalid_request`, or `backtest_running` while another one waits or runs
   */
  async ask(caller: PersonCaller, { settings, days }: BacktestRequest): Promise<BacktestView> {
    requireSound(settings);
    const id = randomUUID();
    await this.database.transaction(async (tx) => {
      const { version } = await readPolicyInForce(tx);
      const given = { id, author: caller.name, days, settings, baseVersion: version };
      if (!(await insertBacktest(tx, given))) throw new Refusal('backtest_running');
      await forgetOldBacktests(tx);
    });
    await this.queue.wake('run-backtests', {});
    return this.read(id);
  }

  /** @throws Refusal `not_found`, also for one that was forgotten */
  async read(id: string): Promise<BacktestView> {
    const found = await readBacktest(this.database, id);
    if (!found) throw new Refusal('not_found');
    return this.withNames(found);
  }

  /** The ones that are kept, newest first, without the examples. */
  async list(): Promise<BacktestView[]> {
    const bare = (difference: AlertDifference): AlertDifference => ({ ...difference, examples: [] });
    return (await readBacktests(this.database)).map(({ result, ...view }) => ({
      ...view,
      result: result && { ...result, gained: bare(result.gained), lost: bare(result.lost) },
    }));
  }

  /** @throws Refusal `not_found`, `illegal_transition` when it has ended */
  async cancel(id: string): Promise<BacktestView> {
    await this.read(id);
    if (!(await cancelBacktest(this.database, id))) throw new Refusal('illegal_transition');
    return this.read(id);
  }

  private async withNames(view: BacktestView): Promise<BacktestView> {
    const { result } = view;
    if (!result) return view;
    const ids = [...result.gained.examples, ...result.lost.examples].flatMap(({ personId }) => personId ?? []);
    const names = await namesOf(this.database, ids);
    const named = (difference: AlertDifference): AlertDifference => ({
      ...difference,
      examples: difference.examples.map((alert) => ({
        ...alert,
        subject: (alert.personId === null ? undefined : names.get(alert.personId)) ?? alert.subject,
      })),
    });
    return { ...view, result: { ...result, gained: named(result.gained), lost: named(result.lost) } };
  }
}
