import {
  EXAMPLES_MAX,
  type AlertDifference,
  type BacktestAlert,
  type BacktestSide,
} from '../../contracts/backtests.js';
import type { Finding } from './campaigns.js';
import type { EnrichedAttempt } from './enriched-attempt.js';
import { judge } from './judge.js';
import { createMemory, type DetectionMemory } from './memory.js';
import type { Policy } from './policy.js';

/** Alerts held of one side: about 30 MB. Settings that raise more are of no use to anybody. */
export const ALERTS_MAX = 50_000;

/** The settings, or the days, bring more alerts than can be compared. */
export class TooManyAlerts extends Error {}

/** One alert as a replay raised it; times in milliseconds since 1970. */
export type ReplayedAlert = Omit<BacktestAlert, 'firstAt' | 'lastAt'> & {
  /** What it is about: kind, scope and name. Two of one cause lie more than a quiet time apart. */
  cause: string;
  firstAt: number;
  lastAt: number;
};

/** Goes through attempts with one policy and a memory of its own, and keeps the alerts it would have raised. */
export class Replay {
  readonly alerts = new Map<string, ReplayedAlert>();
  challenged = 0;
  private readonly memory: DetectionMemory;

  constructor(private readonly policy: Policy) {
    this.memory = createMemory(policy);
  }

  /**
   * @param counts false while it only learns
   * @throws TooManyAlerts
   */
  take(attempt: EnrichedAttempt, counts: boolean): void {
    const { risk, findings } = judge(attempt, this.memory, this.policy);
    // There is no database to write them to.
    this.memory.profiles.takeDirty();
    if (!counts) return;
    if (attempt.outcome === 'success' && risk.score >= this.policy.decisions.challengeFrom) this.challenged += 1;
    for (const finding of findings) this.alerts.set(finding.dedupKey, replayed(finding));
    if (this.alerts.size > ALERTS_MAX) throw new TooManyAlerts();
  }

  /** @param counted attempts, and sign-ins among them, that the rates are of */
  side(counted: { attempts: number; signIns: number }): BacktestSide {
    const alerts = this.alerts.size;
    return {
      alerts,
      alertsPer10k: counted.attempts === 0 ? 0 : (alerts * 10_000) / counted.attempts,
      challenged: this.challenged,
      challengedShare: counted.signIns === 0 ? 0 : this.challenged / counted.signIns,
    };
  }
}

function replayed(finding: Finding): ReplayedAlert {
  const { kind, severity, subject, personId, ip, score, evidence, dedupKey } = finding;
  return {
    cause: dedupKey.slice(0, dedupKey.lastIndexOf(':')),
    kind,
    severity,
    subject,
    personId,
    ip,
    score,
    attempts: evidence.attempts,
    firstAt: finding.firstAt,
    lastAt: finding.at,
  };
}

/**
 * Which alerts only one side raised. They are the same when their cause is and their times overlap: another threshold moves the
 * beginning of a campaign, and with it the key that tells it from the next.
 */
export function compare(
  before: Iterable<ReplayedAlert>,
  after: Iterable<ReplayedAlert>,
): { kept: number; gained: AlertDifference; lost: AlertDifference } {
  const unmatched = new Map<string, ReplayedAlert[]>();
  for (const alert of before) {
    const list = unmatched.get(alert.cause);
    if (list) list.push(alert);
    else unmatched.set(alert.cause, [alert]);
  }
  const gained: ReplayedAlert[] = [];
  let kept = 0;
  for (const alert of after) {
    const list = unmatched.get(alert.cause) ?? [];
    const same = list.findIndex((other) => other.firstAt <= alert.lastAt && alert.firstAt <= other.lastAt);
    if (same === -1) gained.push(alert);
    else {
      list.splice(same, 1);
      kept += 1;
    }
  }
  return { kept, gained: summarise(gained), lost: summarise([...unmatched.values()].flat()) };
}

function summarise(alerts: ReplayedAlert[]): AlertDifference {
  const counts = new Map<ReplayedAlert['kind'], number>();
  for (const { kind } of alerts) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const byKind = [...counts].map(([kind, count]) => ({ kind, count })).sort((a, b) => b.count - a.count);
  const newest = alerts.sort((a, b) => b.lastAt - a.lastAt).slice(0, EXAMPLES_MAX);
  return { total: alerts.length, byKind, examples: newest.map(toExample) };
}

const toExample = ({ cause: _cause, firstAt, lastAt, ...alert }: ReplayedAlert): BacktestAlert => ({
  ...alert,
  firstAt: new Date(firstAt).toISOString(),
  lastAt: new Date(lastAt).toISOString(),
});
