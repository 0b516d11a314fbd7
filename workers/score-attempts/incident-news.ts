import type { DataSource } from 'typeorm';
import type { IncidentView } from '../../server/contracts/incidents.js';
import { viewIncidents } from '../../server/incidents/read-incidents.js';

/** Shortest time between two looks at incidents that grow, in milliseconds: in a flood each batch changes them. */
const INTERVAL_MS = 500;

/** Tells screens how incidents stand, a few times a second however fast they grow. */
export class IncidentNews {
  private changed = new Set<string>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: DataSource,
    private readonly emit: (incident: IncidentView) => void,
    private readonly onError: (error: unknown) => void,
  ) {}

  add(ids: readonly string[]): void {
    for (const id of ids) this.changed.add(id);
    if (this.changed.size === 0 || this.timer) return;
    this.timer = setTimeout(() => void this.tell().catch(this.onError), INTERVAL_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private async tell(): Promise<void> {
    const ids = [...this.changed];
    this.changed.clear();
    this.timer = undefined;
    for (const incident of await viewIncidents(this.database, ids)) this.emit(incident);
  }
}
