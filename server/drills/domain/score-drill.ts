import { type DrillAttack, drillAttacks, drillAttackNames, type DrillOutcome } from '../../contracts/drills.js';
import type { AlertKind } from '../../contracts/alerts.js';

/** An alert with the times by the clock of whoever ran the drill, in milliseconds since 1970. */
export type SeenAlert = {
  kind: AlertKind;
  /** The moment that the attempt which raised it gave as its own, and those of the attempts that it counts. */
  raisedBy: number;
  moments: readonly number[];
  storedAt: number;
  onScreenAt: number | null;
};
/** An attempt that was sent. `at` is the moment it gave as its own, which no other one has. */
export type SentAttempt = { attack: DrillAttack | null; at: number; sentAt: number };

/** What became of each attack. @param sent in the order of sending */
export function scoreDrill(
  sent: readonly SentAttempt[],
  alerts: readonly SeenAlert[],
): { outcomes: DrillOutcome[]; falseAlerts: number } {
  const byMoment = new Map(sent.map((attempt) => [attempt.at, attempt]));
  const attackOf = (moment: number): DrillAttack | null => byMoment.get(moment)?.attack ?? null;
  const outcomes = drillAttackNames.map((attack) => {
    const own = sent.filter((attempt) => attempt.attack === attack);
    const counting = alerts.filter(({ moments }) => moments.some((moment) => attackOf(moment) === attack));
    const expected: readonly AlertKind[] = drillAttacks[attack];
    const [first] = counting
      .filter(({ kind, raisedBy }) => expected.includes(kind) && attackOf(raisedBy) === attack)
      .sort((a, b) => a.raisedBy - b.raisedBy);
    const cause = first && byMoment.get(first.raisedBy);
    return {
      attack,
      attempts: own.length,
      expected: [...expected],
      got: [...new Set(counting.map(({ kind }) => kind))],
      caught: first !== undefined,
      attemptsUntil: cause ? own.indexOf(cause) + 1 : null,
      storedMs: first && cause ? passed(cause.sentAt, first.storedAt) : null,
      screenMs: first && cause && first.onScreenAt !== null ? passed(cause.sentAt, first.onScreenAt) : null,
    };
  });
  const falseAlerts = alerts.filter(({ moments }) => moments.every((moment) => attackOf(moment) === null)).length;
  return { outcomes, falseAlerts };
}

/** Two clocks agree to a millisecond or two only. */
const passed = (from: number, to: number): number => Math.max(0, Math.round(to - from));

/** The share `q` of values lies at or below the answer; null without any. */
export function quantile(values: readonly number[], q: number): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(q * sorted.length) - 1)] ?? null;
}
