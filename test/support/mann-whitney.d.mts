/** Mann-Whitney U, two-sided: how likely it is that two sets of times differ by chance at least this much. */
export function mannWhitney(a: readonly number[], b: readonly number[]): { p: number };
