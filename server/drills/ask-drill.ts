import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Actor, AppendAudit } from '../audit/append-audit.js';
import type { DrillView } from '../contracts/drills.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import { cancelDrill, forgetOldDrills, insertDrill, readDrill, readDrills } from './store/drills.js';

/** Drills as people ask for them, watch them and cancel them; a worker runs them. */
export class AskDrill {
  constructor(
    private readonly database: DataSource,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `drill_running` while another one waits or runs */
  async ask(by: Actor, ip: string | null): Promise<DrillView> {
    const id = randomUUID();
    await this.database.transaction(async (tx) => {
      if (!(await insertDrill(tx, { id, author: by.name }))) throw new Refusal('drill_running');
      await forgetOldDrills(tx);
      await this.audit.append(tx, {
        actor: by,
        action: 'drill.asked',
        target: { kind: 'installation', id: null },
        ip,
      });
      await notify(tx, 'drill_asked', {});
    });
    return this.read(id);
  }

  /** @throws Refusal `not_found`, also for one that was forgotten */
  async read(id: string): Promise<DrillView> {
    const found = await readDrill(this.database, id);
    if (!found) throw new Refusal('not_found');
    return found;
  }

  /** The ones that are kept, newest first. */
  list(): Promise<DrillView[]> {
    return readDrills(this.database);
  }

  /** One that runs cleans up after itself before it ends. @throws Refusal `not_found`, `illegal_transition` when it has ended */
  async cancel(by: Actor, id: string, ip: string | null): Promise<DrillView> {
    await this.read(id);
    await this.database.transaction(async (tx) => {
      if (!(await cancelDrill(tx, id))) throw new Refusal('illegal_transition');
      await this.audit.append(tx, {
        actor: by,
        action: 'drill.cancel_asked',
        target: { kind: 'installation', id: null },
        ip,
      });
    });
    return this.read(id);
  }
}
