/** One way to score, over one kind of takeover. Definitions in docs/detection.md. */
export interface Metrics {
  n: number;
  auc: number;
  'tpr@0.1%': number;
  'tpr@1%': number;
  prAuc: number;
  reauth90: number;
}

export interface Interval {
  low: number;
  high: number;
}

/** One scored sign-in; `person` numbers the person, because sign-ins of one person are not independent. */
export interface Scored {
  score: number;
  person: number;
}

const DIGITS = 10_000;
const round = (value: number): number => Math.round(value * DIGITS) / DIGITS;
const ascending = (a: number, b: number): number => a - b;

/** Linear between the two nearest of an ascending list. */
export function quantile(ordered: readonly number[], q: number): number {
  const position = q * (ordered.length - 1);
  const low = Math.floor(position);
  const a = ordered[low] ?? NaN;
  return a + ((ordered[Math.min(low + 1, ordered.length - 1)] ?? NaN) - a) * (position - low);
}

/** First index of an ascending list whose value isn't below (`after`: is above) `value`. */
function search(ordered: readonly number[], value: number, after: boolean): number {
  let low = 0;
  let high = ordered.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const at = ordered[middle] as number;
    if (at < value || (after && at === value)) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function metricsOf(positives: readonly number[], negatives: readonly number[]): Metrics {
  const pos = positives.toSorted(ascending);
  const neg = negatives.toSorted(ascending);
  const n = pos.length;
  let wins = 0;
  for (const p of pos) wins += (search(neg, p, false) + search(neg, p, true)) / 2;
  const above = (share: number): number => (n - search(pos, quantile(neg, 1 - share), true)) / n;
  return {
    n,
    auc: round(wins / n / neg.length),
    'tpr@0.1%': round(above(0.001)),
    'tpr@1%': round(above(0.01)),
    prAuc: round(averagePrecision(pos, neg)),
    reauth90: round((neg.length - search(neg, quantile(pos, 0.1), false)) / neg.length),
  };
}

/** Positives before negatives of the same score, as the published definition sorts them. */
function averagePrecision(pos: readonly number[], neg: readonly number[]): number {
  let sum = 0;
  for (let i = pos.length - 1; i >= 0; i--) {
    const hits = pos.length - i;
    sum += hits / (hits + neg.length - search(neg, pos[i] as number, true));
  }
  return sum / pos.length;
}

/** Each of these resamples people, with all their sign-ins. */
const RESAMPLES = 300;

/** 95 % percentile bootstrap over people, for the share of positives above the quantile of the negatives. */
export function intervalOf(
  positives: readonly Scored[],
  negatives: readonly Scored[],
  share: number,
  random: () => number,
): Interval {
  const people = 1 + [...positives, ...negatives].reduce((most, { person }) => Math.max(most, person), 0);
  const pos = positives.toSorted((a, b) => b.score - a.score);
  const neg = negatives.toSorted((a, b) => b.score - a.score);
  const estimates: number[] = [];
  for (let round_ = 0; round_ < RESAMPLES; round_++) {
    const weights = new Uint16Array(people);
    for (let i = 0; i < people; i++) weights[Math.floor(random() * people)]! += 1;
    const threshold = weightedTop(neg, weights, share);
    estimates.push(shareAbove(pos, weights, threshold));
  }
  estimates.sort(ascending);
  return { low: round(quantile(estimates, 0.025)), high: round(quantile(estimates, 0.975)) };
}

/** The score below which all but `share` of a descending, weighted list lies. */
function weightedTop(descending: readonly Scored[], weights: Uint16Array, share: number): number {
  let total = 0;
  for (const { person } of descending) total += weights[person] as number;
  let left = total * share;
  for (const { score, person } of descending) {
    left -= weights[person] as number;
    if (left < 0) return score;
  }
  return -Infinity;
}

function shareAbove(descending: readonly Scored[], weights: Uint16Array, threshold: number): number {
  let above = 0;
  let total = 0;
  for (const { score, person } of descending) {
    const weight = weights[person] as number;
    total += weight;
    if (score > threshold) above += weight;
  }
  return total === 0 ? 0 : above / total;
}
