/**
 * The value below or at which this share of the samples lies (nearest rank), rounded to hundredths.
 * @param {readonly number[]} samples
 * @param {number} share 0 to 1
 */
export function percentile(samples, share) {
  if (samples.length === 0) throw new Error('No samples.');
  const sorted = Float64Array.from(samples).sort();
  return round(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)], 2);
}

/** @param {readonly number[]} samples */
export const p50AndP99 = (samples) => ({ p50: percentile(samples, 0.5), p99: percentile(samples, 0.99) });

/** @param {number} value @param {number} digits after the point */
export const round = (value, digits) => Number(value.toFixed(digits));
