import type { Risk, Signal } from '../../contracts/detection.js';
import type { Facts } from './facts.js';
import { levelOf } from './levels.js';
import type { Policy } from './policy.js';
import { credentialChangeAfterNewDevice, type CredentialChange } from './rules/credential-change.js';
import { missingOf } from './rules/missing.js';
import { personalRules, ruleList } from './rules/index.js';

const HIGHEST = 100;

/** A score and what it is made of. */
export interface Assessment {
  risk: Risk;
  /** The sum of all points before rounding and bounds: ranks attempts that have the same score. */
  suspicion: number;
}

/** Judges one attempt: every rule once, then a ledger that adds up to the score. */
export function scoreOf(facts: Facts, policy: Policy): Assessment {
  const fired: Signal[] = [];
  let suspicion = 0;
  for (const rule of facts.allowance === null ? ruleList : personalRules) {
    const signal = rule(facts, policy);
    if (signal === undefined) continue;
    weigh(signal, policy);
    suspicion += signal.points;
    fired.push(signal);
  }
  const factor = outcomeFactor(facts, policy);
  for (const signal of fired) signal.points = Math.round(signal.points * factor);
  const signals = settle(fired, factor * HIGHEST);
  if (facts.allowance !== null) {
    const { source, reason } = facts.allowance;
    signals.push({ kind: 'allowed-source', points: 0, evidence: { source, reason } });
  }
  const score = signals.reduce((sum, signal) => sum + signal.points, 0);
  const level = levelOf(score, policy);
  return { risk: { score, level, signals, missing: missingOf(facts), policyVersion: policy.version }, suspicion };
}

/** The score that a sign-in has in the light of what became of it; undefined where that says nothing. */
export function reassess(risk: Risk, change: CredentialChange, policy: Policy): Risk | undefined {
  const signal = credentialChangeAfterNewDevice(change, risk, policy);
  if (signal === undefined) return undefined;
  weigh(signal, policy);
  signal.points = Math.round(signal.points);
  if (signal.points === 0) return undefined;
  const before = risk.signals.map((one): Signal => ({ ...one, points: one.uncut ?? one.points }) as Signal);
  const signals = settle([...before, signal]);
  const score = signals.reduce((sum, { points }) => sum + points, 0);
  return { ...risk, score, level: levelOf(score, policy), signals, policyVersion: policy.version };
}

/** What the policy makes of a signal's usual points. */
function weigh(signal: Signal, { weights }: Policy): void {
  if (weights === null || signal.kind === 'allowed-source') return;
  signal.points *= weights[signal.kind] ?? 1;
}

/** What a refused try is worth: the source may be as hostile as can be, but nobody got in. */
function outcomeFactor({ attempt }: Facts, { score }: Policy): number {
  if (attempt.outcome === 'success') return 1;
  return attempt.outcome === 'challenge' ? score.challengedFactor : score.failedFactor;
}

/**
 * Makes whole points add up to a score on the scale without a hidden correction. Reassurance can take away no more than
 * there is, and what is beyond the end of the scale is taken off the charges, each in proportion; what is left with no
 * points is not shown.
 *
 * @param most where the scale ends
 */
export function settle(signals: Signal[], most = HIGHEST): Signal[] {
  let charges = 0;
  let relief = 0;
  for (const { points } of signals) {
    if (points > 0) charges += points;
    else relief -= points;
  }
  if (relief > charges) {
    if (charges === 0) return [];
    shrink(
      signals.filter((s) => s.points < 0),
      charges,
    );
  } else if (charges - relief >= most) {
    for (const signal of signals) signal.uncut = signal.points;
    shrink(
      signals.filter((s) => s.points > 0),
      most + relief,
    );
  }
  return signals.filter((s) => s.points !== 0).sort((a, b) => Math.abs(b.points) - Math.abs(a.points));
}

/**
 * Scales points of one sign to a whole total: rounded down, what is missing goes to the largest remainders. A charge
 * keeps one point at least, so that all that counted is shown.
 */
function shrink(signals: Signal[], total: number): void {
  const sign = (signals[0]?.points ?? 0) < 0 ? -1 : 1;
  const least = sign > 0 ? 1 : 0;
  const given = total - least * signals.length;
  const sum = signals.reduce((s, signal) => s + Math.abs(signal.points), 0);
  const shares = signals.map((signal) => {
    const exact = (Math.abs(signal.points) * given) / sum;
    return { signal, whole: least + Math.floor(exact), rest: exact - Math.floor(exact) };
  });
  let left = total - shares.reduce((s, share) => s + share.whole, 0);
  for (const share of shares.sort((a, b) => b.rest - a.rest)) {
    const extra = left > 0 ? 1 : 0;
    left -= extra;
    share.signal.points = sign * (share.whole + extra);
  }
}
