import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { countRecent, recentAttempts } from '../attempts/recent-attempts.js';
import type { BacktestResult, BacktestView } from '../contracts/backtests.js';
import { compare, Replay, TooManyAlerts } from './domain/backtest.js';
import type { EnrichedAttempt } from './domain/enriched-attempt.js';
import { DAY } from './domain/policy.js';
import { policyOf } from './domain/policy-settings.js';
import { claimBacktest, finishBacktest, leaveBacktest, noteProgress } from './store/backtests.js';
import { readPolicyVersion } from './store/detection-policies.js';

/** How long before its days a replay begins to learn who is who, in days. */
const WARM_UP_DAYS = 14;
/** Most attempts gone through; the newest ones count. */
const ATTEMPTS_MAX = 2_000_000;
/** Attempts judged at a stretch, by both policies: a few milliseconds' worth. */
const PIECE = 64;
/** How often it is said how far it is, and asked whether to go on, in milliseconds. */
const PROGRESS_MS = 500;

/** It was cancelled, or another worker has it. */
class Ended extends Error {}

type Run = { view: BacktestView; before: Replay; after: Replay; from: number; total: number };

/** Runs backtests in a worker, at half speed: whoever signs in meanwhile comes first. */
export class RunBacktests {
  private stopped = false;

  constructor(
    private readonly database: DataSource,
    private readonly holder: string,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Runs the one that waits, if one does. */
  async run(): Promise<void> {
    const view = this.stopped ? undefined : await claimBacktest(this.database, this.holder);
    if (!view) return;
    const held = { id: view.id, holder: this.holder };
    try {
      await finishBacktest(this.database, held, { result: await this.replay(view) });
    } catch (error) {
      if (error instanceof Ended) {
        if (this.stopped) await leaveBacktest(this.database, held);
        return;
      }
      if (!(error instanceof TooManyAlerts)) this.onError(error);
      await finishBacktest(this.database, held, { failure: reasonOf(error) });
    }
  }

  /** Gives the present one back. */
  stop(): void {
    this.stopped = true;
  }

  private async replay(view: BacktestView): Promise<BacktestResult> {
    const now = Date.now();
    const hours = (view.days + WARM_UP_DAYS) * 24;
    const base = await readPolicyVersion(this.database, view.baseVersion);
    if (!base) throw new Error(`Version ${view.baseVersion} of the detection policy is gone.`);
    const run: Run = {
      view,
      before: new Replay(policyOf(base.settings, base.version)),
      after: new Replay(policyOf(view.settings, base.version + 1)),
      from: now - view.days * DAY,
      total: await countRecent(this.database, hours, ATTEMPTS_MAX),
    };
    const counted = { attempts: 0, signIns: 0, warmUp: 0 };
    await this.report(run, 0);
    let replayed = 0;
    for await (const attempts of recentAttempts(this.database, hours, ATTEMPTS_MAX))
      replayed = await this.takePage(run, attempts, counted, replayed);
    const { before, after } = run;
    return {
      from: new Date(run.from).toISOString(),
      to: new Date(now).toISOString(),
      ...counted,
      before: before.side(counted),
      after: after.side(counted),
      ...compare(before.alerts.values(), after.alerts.values()),
    };
  }

  private async takePage(
    run: Run,
    attempts: readonly EnrichedAttempt[],
    counted: { attempts: number; signIns: number; warmUp: number },
    replayedBefore: number,
  ): Promise<number> {
    let reportedAt = Date.now();
    for (let start = 0; start < attempts.length; start += PIECE) {
      const beganAt = Date.now();
      for (const attempt of attempts.slice(start, start + PIECE)) takeBoth(run, attempt, counted);
      await wait(Math.max(1, Date.now() - beganAt));
      if (this.stopped) throw new Ended();
      if (Date.now() - reportedAt < PROGRESS_MS) continue;
      reportedAt = Date.now();
      await this.report(run, replayedBefore + start);
    }
    await this.report(run, replayedBefore + attempts.length);
    return replayedBefore + attempts.length;
  }

  private async report({ view, total }: Run, replayed: number): Promise<void> {
    const goesOn = await noteProgress(this.database, { id: view.id, holder: this.holder }, { replayed, total });
    if (!goesOn) throw new Ended();
  }
}

function takeBoth(
  { before, after, from }: Run,
  attempt: EnrichedAttempt,
  counted: { attempts: number; signIns: number; warmUp: number },
): void {
  const counts = attempt.occurredAt >= from;
  before.take(attempt, counts);
  after.take(attempt, counts);
  if (!counts) counted.warmUp += 1;
  else counted.attempts += 1;
  if (counts && attempt.outcome === 'success') counted.signIns += 1;
}

const reasonOf = (error: unknown): string =>
  error instanceof TooManyAlerts
    ? 'More than 50,000 alerts: choose fewer days, or settings that raise less.'
    : 'Something went wrong in the worker; its log says what.';
