import type { DataSource } from 'typeorm';
import type { CallerIdentity } from '../platform/http/access.js';
import { actorOf } from './actor-of.js';
import type { AppendAudit } from './append-audit.js';

/** Leaves a trace of every export: who took what, filtered how. */
export class RecordExport {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  async record(caller: CallerIdentity, what: string, filter: Record<string, unknown>, ip: string): Promise<void> {
    await this.database.transaction((tx) =>
      this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'data.exported',
        target: { kind: what, id: null },
        detail: { filter },
        ip,
      }),
    );
  }
}
