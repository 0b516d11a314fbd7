import { setTimeout as wait } from 'node:timers/promises';
import type { DataSource } from 'typeorm';
import { RemoveApplication } from '../applications/remove-application.js';
import { type AppendAudit, systemActor } from '../audit/append-audit.js';
import { Refusal } from '../platform/errors.js';
import { endLeftDrills, isDrillRunning } from './store/drills.js';
import { drillApplications, isScoredUpTo, lastInInbox } from './store/findings.js';

/** How long it is waited for what was sent before it can be removed, and how often it is looked, in milliseconds. */
const SCORED_MS = 30_000;
const LOOK_MS = 100;

/** Removes everything that drills left. */
export class CleanDrills {
  private readonly removal: RemoveApplication;

  constructor(
    private readonly database: DataSource,
    audit: AppendAudit,
  ) {
    this.removal = new RemoveApplication(database, audit);
  }

  /** The sweep's part: a drill whose worker is gone is over, and its traces go. */
  async sweep(): Promise<void> {
    await endLeftDrills(this.database);
    if (!(await isDrillRunning(this.database))) await this.clean();
  }

  /** Keys end before anything is removed, and what is on its way is scored first: it would come back as somebody else's. */
  async clean(): Promise<void> {
    const applications = await drillApplications(this.database);
    if (applications.length > 0) {
      await this.database.query(
        'UPDATE application_keys SET revoked_at = now() WHERE application_id = ANY($1) AND revoked_at IS NULL',
        [applications],
      );
      if (!(await this.scored())) return;
    }
    for (const id of applications) await this.remove(id);
  }

  /** Waits until everything that was accepted so far is judged. @returns false when nobody scores */
  async scored(): Promise<boolean> {
    const last = await lastInInbox(this.database);
    const deadline = Date.now() + SCORED_MS;
    while (!(await isScoredUpTo(this.database, last))) {
      if (Date.now() > deadline) return false;
      await wait(LOOK_MS);
    }
    return true;
  }

  private async remove(id: string): Promise<void> {
    try {
      await this.removal.remove(id, systemActor);
    } catch (error) {
      // Another worker's sweep was faster.
      if (!(error instanceof Refusal && error.code === 'not_found')) throw error;
    }
  }
}
