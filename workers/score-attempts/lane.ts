import { setTimeout as wait } from 'node:timers/promises';
import type { AlertView } from '../../server/contracts/alerts.js';
import { viewAlerts } from '../../server/alerts/raise-alerts.js';
import { type InboxRow, takeFromInbox } from '../../server/attempts/inbox.js';
import { blame, CRASHES_MAX, splitRow } from '../../server/attempts/quarantine.js';
import { type Lease, leaveLane, noteWork, renewLane, takeLane } from '../../server/attempts/scoring-lane.js';
import { createMemory } from '../../server/detection/domain/memory.js';
import type { PolicyInForce } from '../../server/detection/policy-in-force.js';
import { withConnection } from '../../server/platform/database/data-source.js';
import type { AskAboutSignIn } from '../../server/activity/ask-about-sign-in.js';
import type { Logger } from '../../server/platform/logging.js';
import { noteResponses } from '../../server/incidents/note-responses.js';
import type { Policy } from '../../server/detection/domain/policy.js';
import { openWarnings } from '../../server/warnings/open-warnings.js';
import { gatherCredentialChanges } from './credential-changes.js';
import { DrillMemory } from './drill-memory.js';
import { learnLessons, lessonsWaiting } from './learn-lessons.js';
import { emptyBatch, prepareBatch, type ScoredBatch, type Tools } from './prepare.js';
import { rebuildMemory } from './rebuild.js';
import { gatherRevokedUses } from './revoked-uses.js';
import { LaneLost, writeBatch } from './write.js';

/** What is taken into one transaction: enough attempts to be cheap, few enough to be done in time; rows of single ones are many. */
const TAKEN = { rowsMax: 200, attemptsMax: 8_000 };
/** How long the lane sleeps when no wake-up comes, in milliseconds: the net under lost wake-ups. */
const SWEEP_MS = 500;
/** How often a standby asks for the lane, and a resting holder shows that it lives, in milliseconds. */
const POLL_MS = 1_000;
/** Batches after a crash of a former holder for which the work is written down first. */
const CAREFUL_BATCHES = 50;

/** The lane while this worker has it, with what it remembers. */
export type HeldLane = { lease: Lease; tools: Tools };

export type LaneTools = Omit<Tools, 'memory' | 'drills' | 'policy'> & {
  holder: string;
  ownApplicationId: string;
  policies: PolicyInForce;
  questions: AskAboutSignIn;
  logger: Logger;
  onScored: (batch: ScoredBatch) => void;
  onAlerts: (raised: AlertView[], grown: AlertView[]) => void;
  onIncidents: (ids: readonly string[]) => void;
  onHolding: (held: HeldLane | undefined) => void;
};

/**
 * The one place in an installation where attempts are scored. It waits for the lane, rebuilds what the former holder knew, and then
 * takes batch after batch: while one is being committed the next is judged. Memory runs ahead of the commit, so any failed write
 * gives the lane up and starts anew from what is stored.
 */
export class Lane {
  private stopped = false;
  private wakeUp: (() => void) | undefined;
  private woken = false;

  constructor(private readonly tools: LaneTools) {}

  /** Something waits in the inbox. Cheap, and harmless when it is not true. */
  wake(): void {
    this.woken = true;
    this.wakeUp?.();
  }

  stop(): void {
    this.stopped = true;
    this.wake();
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        const lease = await takeLane(this.tools.database, this.tools.holder);
        if (lease) await this.hold(lease);
        else await wait(POLL_MS);
      } catch (error) {
        if (!(error instanceof LaneLost))
          this.tools.logger.error({ err: error }, 'scoring stopped, taking the lane anew');
        await wait(POLL_MS);
      } finally {
        this.tools.onHolding(undefined);
      }
    }
  }

  private async hold(lease: Lease): Promise<void> {
    const { database, logger } = this.tools;
    if (lease.workingOn) await blame(database, lease.workingOn);
    const policy = await this.tools.policies.current();
    const tools: Tools = { ...this.tools, memory: createMemory(policy), drills: new DrillMemory(), policy };
    const renewing = setInterval(
      () => void renewLane(database, lease).catch((error: unknown) => logger.warn({ err: error }, 'lane not renewed')),
      POLL_MS,
    );
    try {
      const rebuilt = await rebuildMemory(database, tools.memory, tools.policy);
      logger.info({ rebuilt, epoch: lease.epoch }, 'scoring');
      this.tools.onHolding({ lease, tools });
      await this.score(lease, tools);
    } finally {
      clearInterval(renewing);
    }
    await leaveLane(database, lease);
  }

  private async score(lease: Lease, tools: Tools): Promise<void> {
    let careful = lease.afterCrash ? CAREFUL_BATCHES : 0;
    let writing: Promise<string[]> = Promise.resolve([]);
    let inFlight: string[] = [];
    let lookedAt = 0;
    while (!this.stopped) {
      this.woken = false;
      tools.policy = await this.tools.policies.current();
      if (Date.now() - lookedAt >= SWEEP_MS) {
        await writing;
        await this.learn(lease, tools);
        await this.reportRevokedUses(lease, tools);
        await this.followSignIns(lease, tools);
        lookedAt = Date.now();
      }
      let rows = await this.take(inFlight);
      if (rows.length === 0) {
        await writing;
        inFlight = [];
        await this.rest();
        continue;
      }
      if (careful > 0) {
        await writing;
        rows = suspectsAlone(rows);
        if (await this.isolate(lease, rows, tools.policy)) continue;
        await noteWork(
          tools.database,
          lease,
          rows.map((row) => row.sequence),
        );
      }
      const batch = await prepareBatch(tools, rows);
      await writing;
      inFlight = batch.sequences;
      writing = this.write(lease, batch, tools.policy);
      // A rejection is met by the next await; until then it must not count as unhandled.
      writing.catch(() => {});
      if (careful > 0 && (careful -= 1) === 0) await noteWork(tools.database, lease, []);
    }
    await writing;
  }

  /** What people and analysts said about sign-ins since; nothing is being written meanwhile. */
  private async learn(lease: Lease, tools: Tools): Promise<void> {
    const lessons = await lessonsWaiting(tools.database);
    if (lessons.length === 0) return;
    await this.write(lease, { ...emptyBatch([]), ...(await learnLessons(tools, lessons)) }, tools.policy);
  }

  /** Tokens of revoked sessions that were presented since. */
  private async reportRevokedUses(lease: Lease, tools: Tools): Promise<void> {
    const gathered = await gatherRevokedUses(tools, this.tools.ownApplicationId);
    if (gathered.revokedUses.length > 0) await this.write(lease, { ...emptyBatch([]), ...gathered }, tools.policy);
  }

  /** What people changed about their accounts after strange sign-ins. */
  private async followSignIns(lease: Lease, tools: Tools): Promise<void> {
    const gathered = await gatherCredentialChanges(tools, this.tools.ownApplicationId);
    if (gathered) await this.write(lease, { ...emptyBatch([]), ...gathered }, tools.policy);
  }

  private take(inFlight: readonly string[]): Promise<InboxRow[]> {
    return withConnection(this.tools.database, (client) => takeFromInbox(client, inFlight, TAKEN));
  }

  /** @param policy the one by which the batch was judged */
  private async write(lease: Lease, batch: ScoredBatch, policy: Policy): Promise<string[]> {
    const { database, ownApplicationId, questions, onScored, onAlerts, onIncidents, logger } = this.tools;
    try {
      const changed = await withConnection(database, (client, manager) =>
        writeBatch(client, lease, batch, {
          ownApplicationId,
          tell: async (happened) => {
            const { raised, grown } = happened;
            await questions.ask(manager, raised);
            await openWarnings(manager, [...raised, ...grown]);
            await noteResponses(manager, happened, policy);
          },
        }),
      );
      onScored(batch);
      if (changed.raised.length + changed.grown.length > 0) {
        const views = await viewAlerts(database, [...changed.raised, ...changed.grown]);
        onAlerts(
          views.filter((view) => changed.raised.includes(view.id)),
          views.filter((view) => changed.grown.includes(view.id)),
        );
      }
      onIncidents(changed.incidents);
      for (const { sequence, error } of batch.unscorable)
        logger.error({ sequence, error }, 'an attempt could not be scored and was set aside');
      return batch.sequences;
    } catch (error) {
      if (isBadData(error)) await blame(database, batch.sequences);
      throw error;
    }
  }

  /** Takes apart the rows that keep ending workers, and sets aside the attempt that does it. @returns whether there was one */
  private async isolate(lease: Lease, rows: readonly InboxRow[], policy: Policy): Promise<boolean> {
    const suspect = rows.find((row) => row.crashes >= CRASHES_MAX);
    if (!suspect) return false;
    if (await splitRow(this.tools.database, suspect)) return true;
    const unscorable = [
      {
        sequence: suspect.sequence,
        payload: suspect.payload,
        error: `The worker ended ${suspect.crashes} times while scoring this.`,
      },
    ];
    await this.write(lease, { ...emptyBatch([suspect.sequence]), unscorable }, policy);
    return true;
  }

  private async rest(): Promise<void> {
    if (this.woken || this.stopped) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, SWEEP_MS);
      this.wakeUp = () => {
        clearTimeout(timer);
        resolve();
      };
    });
    this.wakeUp = undefined;
  }
}

/** Rows that were part of a crash are worked on one at a time, in their order: the next one then blames nobody else. */
function suspectsAlone(rows: InboxRow[]): InboxRow[] {
  const first = rows.findIndex((row) => row.crashes > 0);
  return first === -1 ? rows : rows.slice(0, Math.max(first, 1));
}

/** PostgreSQL refused the data itself (classes 22 and 23): trying again changes nothing, finding the attempt does. */
const isBadData = (error: unknown): boolean => /^2[23]/.test((error as { code?: string }).code ?? '');
