import type { EntityManager } from 'typeorm';
import { addEvents, moveAlerts, type Party } from '../alerts/move-party.js';
import type { AppendAudit } from '../audit/append-audit.js';
import { teachByVerdict } from '../detection/keep-lessons.js';
import { notify } from '../platform/database/listener.js';
import type { By } from './contain-attack.js';
import { sayContained } from './domain/say-contained.js';
import { addIncidentEvent } from './store/incident-events.js';

type Numbers = Record<'people' | 'sessions' | 'passwords' | 'sources' | 'minutes', number>;
type Recorded = { party: Party; numbers: Numbers; resolved: boolean; personIds: readonly string[]; origin: By };

/** Writes into every history what a containment did, and concludes the alerts as the attack that they were where that is wanted. */
export async function recordContainment(
  tx: EntityManager,
  audit: AppendAudit,
  { party, numbers, resolved, personIds, origin }: Recorded,
): Promise<void> {
  const { by, ip } = origin;
  const { alert } = party;
  await addEvents(tx, party.ids, { event: 'contained', by: by.id, note: sayContained(numbers) });
  if (resolved) {
    const move = { to: 'resolved', event: 'resolved', verdict: 'true_positive', note: null } as const;
    const moved = await moveAlerts(tx, party, { ...move, by: by.id, assignee: by.id });
    for (const each of moved) await teachByVerdict(tx, each, false);
  }
  if (alert.incidentId !== null)
    await addIncidentEvent(tx, alert.incidentId, { kind: 'contained', by: by.id, detail: numbers });
  await audit.append(tx, {
    actor: by,
    action: alert.incidentId === null ? 'alert.contained' : 'incident.contained',
    target: alert.incidentId === null ? { kind: 'alert', id: alert.id } : { kind: 'incident', id: alert.incidentId },
    detail: { ...numbers, resolved, personIds: personIds.slice(0, 100) },
    ip,
  });
  if (alert.incidentId !== null) await notify(tx, 'incident_changed', { incidentId: alert.incidentId });
  for (const alertId of party.ids) await notify(tx, 'alert_changed', { alertId });
}
