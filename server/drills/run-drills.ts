import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { CreateApplication } from '../applications/create-application.js';
import { type AppendAudit, systemActor } from '../audit/append-audit.js';
import { NDJSON_LINES_MAX } from '../contracts/attempts.js';
import type { DrillResult, DrillView } from '../contracts/drills.js';
import { AttemptSender, SendingRefused } from '../simulation/send-attempts.js';
import { CleanDrills } from './clean-drills.js';
import { type DrillPlan, planDrill, type PlannedAttempt } from './domain/plan-drill.js';
import { quantile, scoreDrill, type SentAttempt } from './domain/score-drill.js';
import { claimDrill, type DrillEnd, finishDrill, noteDrillProgress } from './store/drills.js';
import { clockAhead, countLeft, policyVersionOf, readDrillAlerts } from './store/findings.js';
import { type LiveBus, type Screen, watchScreen } from './watch-screen.js';

const APPLICATION = 'Attack drill';
/** Attempts between two notes of how far it is, and attempts of the history in one request. */
const NOTE_EVERY = 20;
const HISTORY_BATCH = Math.min(500, NDJSON_LINES_MAX);
/** How long the last frames may take to the screen, in milliseconds. */
const LAST_FRAMES_MS = 1_500;

/** It was cancelled, or the worker ends. */
class Stopped extends Error {}

type Drill = { id: string; applicationId: string; key: string; screen: Screen; sent: SentAttempt[]; total: number };
type Parts = {
  database: DataSource;
  audit: AppendAudit;
  url: string;
  live: LiveBus;
  holder: string;
  onError: (error: unknown) => void;
};

/** Runs drills in a worker, through the public API and a live socket as a console has one. */
export class RunDrills {
  private readonly cleaning: CleanDrills;
  private readonly applications: CreateApplication;
  private stopping = new AbortController();

  constructor(private readonly parts: Parts) {
    this.cleaning = new CleanDrills(parts.database, parts.audit);
    this.applications = new CreateApplication(parts.database, parts.audit);
  }

  /** Ends the present one; what it left is removed before. */
  stop(): void {
    this.stopping.abort();
  }

  /** Runs the one that waits, if one does. */
  async run(): Promise<void> {
    const { database, holder } = this.parts;
    const id = this.stopping.signal.aborted ? undefined : await claimDrill(database, holder);
    if (id === undefined) return;
    const end = await this.attempt(id);
    await database.transaction(async (tx) => {
      if (!(await finishDrill(tx, { id, holder }, end))) return;
      const detail =
        end.state === 'done'
          ? { caught: end.result.outcomes.filter(({ caught }) => caught).length, attacks: end.result.outcomes.length }
          : { failure: 'failure' in end ? end.failure : null };
      await this.parts.audit.append(tx, {
        actor: systemActor,
        action: `drill.${end.state}`,
        target: { kind: 'installation', id: null },
        detail,
      });
    });
  }

  private async attempt(id: string): Promise<DrillEnd> {
    let drill: Drill | undefined;
    try {
      await this.cleaning.clean();
      const plan = planDrill(id.slice(0, 8), Date.now());
      drill = await this.prepare(id, plan);
      await this.send(drill, plan);
      const result = await this.judge(drill);
      await this.note(drill, 'cleaning');
      await drill.screen.close();
      await this.cleaning.clean();
      return { state: 'done', result: { ...result, left: await countLeft(this.parts.database, drill.applicationId) } };
    } catch (error) {
      await drill?.screen.close();
      await this.cleaning.clean();
      if (error instanceof Stopped && !this.stopping.signal.aborted) return { state: 'cancelled' };
      if (!(error instanceof Stopped)) this.parts.onError(error);
      return { state: 'failed', failure: reasonOf(error) };
    }
  }

  private async prepare(id: string, plan: DrillPlan): Promise<Drill> {
    const made = await this.applications.create(APPLICATION, 'drill', { scopes: ['attempts:write'] }, systemActor);
    const applicationId = made.application.id;
    const screen = await watchScreen(this.parts.live, applicationId);
    const total = plan.history.length + plan.attacks.length;
    return { id, applicationId, key: made.key.key, screen, sent: [], total };
  }

  /** The past in batches, then every attempt of an attack by itself, as an application would report it. */
  private async send(drill: Drill, { history, attacks }: DrillPlan): Promise<void> {
    const sender = new AttemptSender({ url: this.parts.url, signal: this.stopping.signal });
    for (let first = 0; first < history.length; first += HISTORY_BATCH) {
      await this.note(drill, 'history');
      await this.sendSome(drill, sender, history.slice(first, first + HISTORY_BATCH));
    }
    if (!(await this.cleaning.scored())) throw new Error('No worker scores attempts.');
    for (const [index, planned] of attacks.entries()) {
      if (index % NOTE_EVERY === 0) await this.note(drill, 'attacks');
      await this.sendSome(drill, sender, [planned]);
    }
    await this.note(drill, 'judging');
    if (!(await this.cleaning.scored())) throw new Error('No worker scores attempts.');
    await wait(LAST_FRAMES_MS);
  }

  private async sendSome(drill: Drill, sender: AttemptSender, planned: readonly PlannedAttempt[]): Promise<void> {
    const sentAt = Date.now();
    for (const { attack, at } of planned) drill.sent.push({ attack, at, sentAt });
    const answer = await sender.attempts(
      drill.key,
      planned.map(({ attempt }) => attempt),
    );
    const [refused] = answer.rejected;
    if (refused) throw new Error(`An attempt was refused: ${refused.message}`);
  }

  private async judge({ applicationId, screen, sent }: Drill): Promise<Omit<DrillResult, 'left'>> {
    const { database } = this.parts;
    const ahead = await clockAhead(database);
    const alerts = (await readDrillAlerts(database, applicationId)).map(({ id, storedAt, ...alert }) => ({
      ...alert,
      storedAt: storedAt - ahead,
      onScreenAt: screen.alerts.get(id) ?? null,
    }));
    const waits = sent
      .filter(({ attack }) => attack !== null)
      .flatMap(({ at, sentAt }) => {
        const shown = screen.rows.get(at);
        return shown === undefined ? [] : [shown - sentAt];
      });
    return {
      ...scoreDrill(sent, alerts),
      attempts: sent.length,
      rows: { seen: waits.length, medianMs: quantile(waits, 0.5), p95Ms: quantile(waits, 0.95) },
      policyVersion: await policyVersionOf(database, applicationId),
    };
  }

  private async note(drill: Drill, stage: DrillView['stage']): Promise<void> {
    const { database, holder } = this.parts;
    const progress = { stage, sent: drill.sent.length, total: drill.total };
    const goesOn = await noteDrillProgress(database, { id: drill.id, holder }, progress);
    if (!goesOn || this.stopping.signal.aborted) throw new Stopped();
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof Stopped) return 'The worker ended while it ran. What it left was removed.';
  if (error instanceof SendingRefused) return `The API refused: ${error.message}`;
  return (error as Error).message.slice(0, 300);
}
