import type { EnrichedAttempt } from '../../server/detection/domain/enriched-attempt.js';
import { AlertTally, isHostile, type CampaignFigures, type FalseAlert } from './alert-tally.js';
import { attemptOf } from './attempt-of-row.js';
import { Freeman } from './freeman.js';
import type { Scored } from './metrics.js';
import { Novelty } from './novelty.js';
import { Production, speedOf, type Speed } from './production.js';
import { seededRandom } from './random.js';
import { readStream, type StreamRow, type Truth } from './read-stream.js';

export const SCORERS = ['freeman', 'novelty', 'gatehouse', 'gatehouseBlind'] as const;
export type Scorer = (typeof SCORERS)[number];

/** Histories fill for so long before anything is measured. */
const WARM_UP_S = 30 * 86_400;

/** Scores of one scorer: genuine sign-ins, and what is to be told from them, by kind of takeover. */
export interface ScoreSet {
  negatives: (Scored & { history: number })[];
  positives: Map<string, (Scored & { history: number })[]>;
}

export interface Evaluation {
  scores: Record<Scorer, ScoreSet>;
  campaigns: Record<string, CampaignFigures>;
  falseAlerts: FalseAlert[];
  alerts: number;
  benignAttempts: number;
  speed: Speed;
  /** Takeovers, by whether an alert of any kind counts them as evidence. */
  takeovers: { n: number; alerted: number };
}

/** Runs production code, in both learning modes, and both baselines over a labelled stream. */
export async function evaluate(file: string): Promise<Evaluation> {
  const run = new Run();
  for await (const row of readStream(file)) run.take(row);
  return run.result();
}

class Run {
  private readonly freeman = new Freeman();
  private readonly novelty = new Novelty(seededRandom(1));
  private readonly oracle = new Production();
  private readonly blind = new Production();
  private readonly tally = new AlertTally();
  private readonly scores = Object.fromEntries(
    SCORERS.map((scorer) => [scorer, { negatives: [], positives: new Map() }]),
  ) as unknown as Record<Scorer, ScoreSet>;
  private readonly people = new Map<string, number>();
  private readonly takeovers = { n: 0, alerted: 0 };
  private readonly attempts: EnrichedAttempt[] = [];
  private startTs: number | undefined;

  take(row: StreamRow): void {
    const { observed, truth } = row;
    this.startTs ??= observed.ts;
    const attempt = attemptOf(observed, `row-${this.attempts.length}`);
    const genuine = truth.label !== 'ato' && truth.probe === '';
    const history = this.oracle.historyOf(attempt.subjectKey);
    const measured = observed.success && history > 0 && observed.ts - this.startTs > WARM_UP_S;
    const baselines = measured ? [this.freeman.score(observed), this.novelty.score(observed)] : [];
    if (observed.success && genuine) {
      this.freeman.learn(observed);
      this.novelty.learn(observed);
    }
    const own = truth.probe === '' ? this.judge(attempt, truth) : this.assess(attempt);
    if (!measured) return;
    SCORERS.forEach((scorer, i) => this.note(scorer, [...baselines, ...own][i] ?? NaN, row, history));
  }

  /** @returns how suspicious production finds it, with an oracle and blind */
  private judge(attempt: EnrichedAttempt, truth: Truth): [number, number] {
    this.attempts.push(attempt);
    const { suspicion } = this.oracle.judgeWithOracle(attempt, truth.label !== 'ato');
    const blind = this.blind.judge(attempt);
    this.tally.add(blind.findings, truth);
    if (truth.label === 'ato') {
      this.takeovers.n += 1;
      if (blind.findings.length > 0) this.takeovers.alerted += 1;
    }
    return [suspicion, blind.suspicion];
  }

  private assess(attempt: EnrichedAttempt): [number, number] {
    return [this.oracle.assess(attempt), this.blind.assess(attempt)];
  }

  private note(scorer: Scorer, score: number, { observed, truth }: StreamRow, history: number): void {
    const scored = { score, person: this.personOf(observed.user), history };
    const { negatives, positives } = this.scores[scorer];
    const kind = truth.probe === '' ? (isHostile(truth) ? 'takeover' : '') : truth.probe;
    if (kind === '') return void negatives.push(scored);
    const list = positives.get(kind);
    if (list === undefined) positives.set(kind, [scored]);
    else list.push(scored);
  }

  private personOf(user: string): number {
    let person = this.people.get(user);
    if (person === undefined) this.people.set(user, (person = this.people.size));
    return person;
  }

  result(): Evaluation {
    return {
      scores: this.scores,
      campaigns: this.tally.byKind(),
      falseAlerts: this.tally.falseAlerts(),
      alerts: this.tally.alertCount,
      benignAttempts: this.tally.benignAttempts,
      speed: speedOf(this.attempts),
      takeovers: this.takeovers,
    };
  }
}
