/** Numbers that look random and are the same for the same seed. */
export function seededRandom(seed: number): {
  next: () => number;
  between: (least: number, most: number) => number;
  chance: (probability: number) => boolean;
  pick: <T>(items: readonly T[]) => T;
};
