import type { DataSource } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import type { AlertContainment, ContainmentReceipt } from '../contracts/incidents.js';
import { viewAlerts } from '../alerts/raise-alerts.js';
import { notify } from '../platform/database/listener.js';
import { Refusal } from '../platform/errors.js';
import type { By, ContainAttack } from './contain-attack.js';
import { toIncidentView } from './incident-view.js';
import { addIncidentEvent } from './store/incident-events.js';
import { readIncident } from './store/read-incidents.js';
import { releaseSources } from './store/throttled-sources.js';

/** Contains an alert, or the incident that it stands for, and answers with both as they are afterwards. */
export class ContainIncident {
  constructor(
    private readonly database: DataSource,
    private readonly attacks: ContainAttack,
    private readonly audit: AppendAudit,
  ) {}

  /** @throws Refusal `not_found` */
  async containAlert(alertId: string, request: AlertContainment, origin: By): Promise<ContainmentReceipt> {
    const { alertId: about, ...receipt } = await this.attacks.contain(alertId, request, origin);
    const [alert] = await viewAlerts(this.database, [about]);
    if (!alert) throw new Refusal('not_found');
    const row = alert.incident ? await readIncident(this.database, alert.incident.id) : undefined;
    return { ...receipt, alert, incident: row ? toIncidentView(row) : null };
  }

  /** @throws Refusal `not_found` */
  async contain(id: string, request: AlertContainment, origin: By): Promise<ContainmentReceipt> {
    const row = await readIncident(this.database, id);
    if (!row) throw new Refusal('not_found');
    return this.containAlert(row.lead_id, request, origin);
  }

  /** Lets sources sign in again. @returns how many @throws Refusal `not_found` */
  async release(id: string, { by, ip }: By): Promise<number> {
    return this.database.transaction(async (tx) => {
      if (!(await readIncident(tx, id))) throw new Refusal('not_found');
      const count = await releaseSources(tx, { incidentId: id });
      if (count === 0) return 0;
      await addIncidentEvent(tx, id, { kind: 'released', by: by.id, detail: { sources: count } });
      await this.audit.append(tx, {
        actor: by,
        action: 'incident.released',
        target: { kind: 'incident', id },
        detail: { sources: count },
        ip,
      });
      await notify(tx, 'incident_changed', { incidentId: id });
      return count;
    });
  }
}
