import type { Observed } from './read-stream.js';

type Level = 'ip' | 'asn' | 'country' | 'ua' | 'browser' | 'os' | 'device';
type Ladder = readonly (readonly [Level, number])[];

/** Finest level first, with the weights of the published reference (see docs/detection.md). */
const LADDERS: readonly Ladder[] = [
  [
    ['ip', 0.6],
    ['asn', 0.3],
    ['country', 0.1],
  ],
  [
    ['ua', 0.5386653840551359],
    ['browser', 0.2680451498625666],
    ['os', 0.18818295100109536],
    ['device', 0.0051065150812021525],
  ],
];
const LEVELS = LADDERS.flatMap((ladder) => ladder.map(([level]) => level));

type Login = Pick<Observed, Level | 'user'>;
type Counts = Record<Level, Map<string, number>>;

const noCounts = (): Counts => Object.fromEntries(LEVELS.map((level) => [level, new Map<string, number>()])) as Counts;
const add = (counts: Map<string, number>, value: string): void => {
  counts.set(value, (counts.get(value) ?? 0) + 1);
};

/** The score of Freeman et al. (2016) as its reference implementation computes it: a baseline, never used to judge. */
export class Freeman {
  private total = 0;
  private readonly seen = noCounts();
  /** How many distinct coarser values were seen with a finest one. */
  private readonly below = new Map<string, Set<string>>();
  private readonly users = new Map<string, { n: number; counts: Counts }>();

  /** Higher = less like the person; undefined while the person has no history. */
  score(login: Login): number | undefined {
    const history = this.users.get(login.user);
    if (history === undefined) return undefined;
    let score = this.total / (this.users.size * history.n);
    for (const ladder of LADDERS) {
      const own = ladder.reduce((sum, [level, w]) => sum + (w * count(history.counts, level, login)) / history.n, 0);
      const everybody = this.everybody(ladder, login);
      score *= everybody / (own > 0 ? own : everybody / 4);
    }
    return score;
  }

  /** How likely the values are for anybody; the finest level is smoothed for unseen values. */
  private everybody(ladder: Ladder, login: Login): number {
    const [[finest, weight], ...coarser] = ladder as [Ladder[0] & object, ...Ladder];
    const unseen = 1 + coarser.reduce((sum, [level]) => sum + this.seen[level].size, 0);
    const count_ = count(this.seen, finest, login);
    let sum = weight / (this.total + unseen);
    if (count_ > 0) {
      const m = 1 + coarser.reduce((n, [level]) => n + (this.below.get(`${level}|${login[finest]}`)?.size ?? 0), 0);
      sum = ((weight * count_) / this.total) * (1 - unseen / (this.total + unseen)) * (1 - m / (count_ + m));
    }
    return sum + coarser.reduce((s, [level, w]) => s + (w * count(this.seen, level, login)) / this.total, 0);
  }

  learn(login: Login): void {
    let history = this.users.get(login.user);
    if (history === undefined) this.users.set(login.user, (history = { n: 0, counts: noCounts() }));
    history.n += 1;
    this.total += 1;
    for (const level of LEVELS) {
      add(history.counts[level], login[level]);
      add(this.seen[level], login[level]);
    }
    for (const [[finest], ...coarser] of LADDERS as readonly [Ladder[0] & object, ...Ladder][]) {
      for (const [level] of coarser) {
        const key = `${level}|${login[finest]}`;
        const values = this.below.get(key);
        if (values === undefined) this.below.set(key, new Set([login[level]]));
        else values.add(login[level]);
      }
    }
  }
}

const count = (counts: Counts, level: Level, login: Login): number => counts[level].get(login[level]) ?? 0;
