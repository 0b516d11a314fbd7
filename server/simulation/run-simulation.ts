import type { ApplicationName } from './domain/applications.js';
import { inTimeOrder, type SimulatedAttempt } from './domain/attempts.js';
import { DAY, MINUTE, SECOND } from './domain/calendar.js';
import { drillKinds, makeDrill, type DrillKind } from './domain/drills.js';
import { companyOf, directoryOf, type Company } from './domain/people.js';
import { timelineOf, type Timeline } from './domain/timeline.js';
import { AttemptSender, sleepFor, type SenderOptions, type Sleep } from './send-attempts.js';

/** The company that comes with the product; another seed is another company. */
export const USUAL_SEED = 2026;
export const USUAL_HISTORY_DAYS = 30;

export type Progress = {
  phase: 'people' | 'history' | 'live';
  /** How much of the phase is done, 0–1; the live phase has no end and says 0. */
  done: number;
  people: number;
  /** Attempts recorded, known before, and refused, over all phases. */
  recorded: number;
  duplicates: number;
  rejected: number;
  /** The attack that is going on, with the last one of it yet to come. */
  drill: DrillKind | null;
};

export type SimulationOptions = Pick<SenderOptions, 'url' | 'signal' | 'fetch'> & {
  applications: readonly { name: ApplicationName; key: string }[];
  /** A key that may write people. */
  peopleKey: string;
  seed?: number;
  historyDays?: number;
  /** Attacks that take turns while live; none for quiet days. */
  drills?: readonly DrillKind[];
  /** Milliseconds since 1970. */
  clock?: () => number;
  sleep?: Sleep;
  onProgress?: (progress: Progress) => void;
};

/** People a request. */
const PEOPLE_BATCH = 100;
/**
 * Attempts over all applications that are sent side by side. Each application has its own key, so its own request:
 * within one such slice (about four hours of a workday) requests may overtake each other, between slices never.
 */
const HISTORY_SLICE = 300;
const FIRST_DRILL_MS = 20 * SECOND;
const DRILL_EVERY_MS = 3 * MINUTE;
/** Live attempts are planned this far ahead, and those later than this (after a sleeping laptop woke) are left out. */
const PLAN_MS = MINUTE;
const LATE_MAX_MS = 5 * MINUTE;
/** Attempts that fall due within this time travel together. */
const TOGETHER_MS = 40;

/** Plays the simulated company against a server through its public API, as six applications would. */
export class Simulation {
  private readonly company: Company;
  private readonly timeline: Timeline;
  private readonly sender: AttemptSender;
  private readonly keys: ReadonlyMap<ApplicationName, string>;
  private readonly now: () => number;
  private readonly sleep: Sleep;
  private drillEndsAt = Infinity;
  private readonly progress: Progress = {
    phase: 'people',
    done: 0,
    people: 0,
    recorded: 0,
    duplicates: 0,
    rejected: 0,
    drill: null,
  };

  constructor(private readonly options: SimulationOptions) {
    this.company = companyOf(options.seed ?? USUAL_SEED);
    this.timeline = timelineOf(this.company);
    this.sleep = options.sleep ?? sleepFor;
    this.sender = new AttemptSender({ ...options, sleep: this.sleep });
    this.keys = new Map(options.applications.map(({ name, key }) => [name, key]));
    this.now = options.clock ?? Date.now;
  }

  /** People, history, then live until aborted. Resolves when aborted; rejects when the server refuses for good. */
  async run(): Promise<void> {
    await this.untilAborted(async () => {
      await this.introducePeople();
      const caughtUpTo = await this.tellHistory();
      await this.goLive(caughtUpTo);
    });
  }

  /** Only the people and the past, then done. */
  async runHistory(): Promise<void> {
    await this.untilAborted(async () => {
      await this.introducePeople();
      await this.tellHistory();
    });
  }

  /** One attack in real time, then done. The people are made known first, so that the attempts find them. */
  async runDrill(kind: DrillKind): Promise<void> {
    await this.untilAborted(async () => {
      await this.introducePeople();
      if ((this.options.historyDays ?? 0) > 0) await this.tellHistory();
      this.report({ phase: 'live', done: 0, drill: kind });
      await this.sendOnTime([...makeDrill(kind, this.company, this.now())]);
      this.report({ drill: null });
    });
  }

  private async untilAborted(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!this.options.signal.aborted) throw error;
    }
  }

  private async introducePeople(): Promise<void> {
    const directory = directoryOf(this.company);
    for (let first = 0; first < directory.length; first += PEOPLE_BATCH) {
      const batch = directory.slice(first, first + PEOPLE_BATCH);
      await this.sender.people(this.options.peopleKey, batch);
      const people = first + batch.length;
      this.report({ phase: 'people', people, done: people / directory.length });
    }
  }

  /** Returns the instant up to which the past was told, in milliseconds since 1970. */
  private async tellHistory(): Promise<number> {
    const to = this.now();
    const from = to - (this.options.historyDays ?? USUAL_HISTORY_DAYS) * DAY;
    let slice: SimulatedAttempt[] = [];
    for (const attempt of this.timeline.history(from, to)) {
      slice.push(attempt);
      if (slice.length < HISTORY_SLICE) continue;
      await this.send(slice);
      slice = [];
      this.report({ phase: 'history', done: (attempt.at - from) / (to - from) });
    }
    await this.send(slice);
    this.report({ phase: 'history', done: 1 });
    return to;
  }

  private async goLive(caughtUpTo: number): Promise<void> {
    const drills = this.options.drills ?? drillKinds;
    let planned = caughtUpTo;
    let nextDrill = this.now() + FIRST_DRILL_MS;
    let waiting: SimulatedAttempt[] = [];
    this.report({ phase: 'live', done: 0 });
    for (let turn = 0; ;) {
      const now = this.now();
      const until = now + PLAN_MS;
      const ahead = this.timeline.live(Math.max(planned, now - LATE_MAX_MS), until);
      planned = until;
      if (drills.length > 0 && nextDrill < until) {
        const kind = drills[turn++ % drills.length] ?? 'spray';
        const attack = [...makeDrill(kind, this.company, Math.max(nextDrill, now))];
        ahead.push(...attack);
        this.drillEndsAt = attack.at(-1)?.at ?? 0;
        nextDrill = Math.max(nextDrill, now) + DRILL_EVERY_MS;
        this.report({ drill: kind });
      }
      const all = [...waiting, ...ahead].sort(inTimeOrder);
      const due = all.findIndex(({ at }) => at >= until);
      waiting = due < 0 ? [] : all.slice(due);
      await this.sendOnTime(due < 0 ? all : all.slice(0, due));
      await this.sleepUntil(until);
    }
  }

  /** Sends each attempt at its own moment. A slow server makes them late but loses none. */
  private async sendOnTime(attempts: readonly SimulatedAttempt[]): Promise<void> {
    for (let next = 0; next < attempts.length;) {
      await this.sleepUntil(attempts[next]?.at ?? 0);
      const horizon = this.now() + TOGETHER_MS;
      const first = next;
      while (next < attempts.length && (attempts[next]?.at ?? 0) <= horizon) next++;
      await this.send(attempts.slice(first, Math.max(next, first + 1)));
      next = Math.max(next, first + 1);
      this.report({});
    }
  }

  private async sleepUntil(at: number): Promise<void> {
    const left = at - this.now();
    if (left > 0) await this.sleep(left, this.options.signal);
    this.options.signal.throwIfAborted();
  }

  /** One request an application, side by side. */
  private async send(attempts: readonly SimulatedAttempt[]): Promise<void> {
    const byApplication = new Map<ApplicationName, SimulatedAttempt[]>();
    for (const attempt of attempts) {
      const list = byApplication.get(attempt.application) ?? [];
      list.push(attempt);
      byApplication.set(attempt.application, list);
    }
    await Promise.all([...byApplication].map(async ([application, list]) => this.sendFor(application, list)));
  }

  private async sendFor(application: ApplicationName, list: readonly SimulatedAttempt[]): Promise<void> {
    const key = this.keys.get(application);
    if (key === undefined) throw new Error(`No key for the application ${application}`);
    const result = await this.sender.attempts(
      key,
      list.map(({ attempt }) => attempt),
    );
    this.progress.recorded += result.recorded;
    this.progress.duplicates += result.duplicates;
    this.progress.rejected += result.rejected.length;
  }

  private report(change: Partial<Progress>): void {
    Object.assign(this.progress, change);
    if (this.now() > this.drillEndsAt) this.progress.drill = null;
    this.options.onProgress?.({ ...this.progress });
  }
}
