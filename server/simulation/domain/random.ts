/** A stream of pseudo-random values; the same seed gives the same stream on every machine. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number, both ends included. */
  int(min: number, max: number): number;
  /** Uniform in [min, max). */
  between(min: number, max: number): number;
  chance(probability: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** `count` different items in random order; all of them where the list is shorter. */
  sample<T>(list: readonly T[], count: number): T[];
  /** Normally distributed, by the sum of twelve uniform values: good to about three deviations, which is all we draw. */
  normal(mean: number, deviation: number): number;
  /** Events of a Poisson process with this mean; a normal approximation above 60. */
  poisson(mean: number): number;
};

const { floor, imul } = Math;

/** A well-mixed 32-bit hash of text (Murmur3's rounds over UTF-16 units), salted so that several can be drawn. */
export function hash32(text: string, salt = 0): number {
  let h = 1779033703 ^ text.length ^ imul(salt, 2654435761);
  for (let i = 0; i < text.length; i++) {
    h = imul(h ^ text.charCodeAt(i), 3432918353);
    h = (h << 13) | (h >>> 19);
  }
  h = imul(h ^ (h >>> 16), 2246822507);
  h = imul(h ^ (h >>> 13), 3266489909);
  return (h ^ (h >>> 16)) >>> 0;
}

/** Hexadecimal digits that depend on the text alone: ids and fingerprints that look like a source's own. */
export function hexOf(text: string, digits: number): string {
  let hex = '';
  for (let salt = 1; hex.length < digits; salt++) hex += hash32(text, salt).toString(16).padStart(8, '0');
  return hex.slice(0, digits);
}

type Part = string | number;

/** The generator sfc32 (PractRand's small fast counter), seeded by what the stream is for. */
export function seeded(...parts: Part[]): Random {
  const key = parts.join('/');
  let a = hash32(key, 1);
  let b = hash32(key, 2);
  let c = hash32(key, 3);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  return fromUniform(next);
}

/** Every other draw, made from uniform ones. */
export function fromUniform(next: () => number): Random {
  const int = (min: number, max: number): number => min + floor(next() * (max - min + 1));
  const normal = (mean: number, deviation: number): number => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += next();
    return mean + sum * deviation;
  };
  return {
    next,
    int,
    normal,
    between: (min, max) => min + next() * (max - min),
    chance: (probability) => next() < probability,
    pick: (list) => {
      const item = list[int(0, list.length - 1)];
      if (item === undefined) throw new RangeError('Nothing to pick from');
      return item;
    },
    sample: (list, count) => shuffled(list, int).slice(0, count),
    poisson: (mean) => (mean > 60 ? Math.max(0, Math.round(normal(mean, Math.sqrt(mean)))) : poissonOf(mean, next)),
  };
}

function shuffled<T>(list: readonly T[], int: (min: number, max: number) => number): T[] {
  const copy = [...list];
  for (let i = copy.length - 1; i > 0; i--) {
    const j = int(0, i);
    const held = copy[i] as T;
    copy[i] = copy[j] as T;
    copy[j] = held;
  }
  return copy;
}

/** Knuth's product method: exact, and quick for small means. */
function poissonOf(mean: number, next: () => number): number {
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = next(); product > limit; product *= next()) count++;
  return count;
}
