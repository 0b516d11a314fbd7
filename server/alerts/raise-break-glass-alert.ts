import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { AlertEvidence } from '../contracts/alerts.js';
import { ownApplicationId } from '../applications/own-application.js';
import { notify } from '../platform/database/listener.js';

const noAttempts: AlertEvidence = {
  attempts: 0,
  failures: 0,
  successes: 0,
  subjects: 0,
  addresses: 0,
  topSubjects: [],
  topAddresses: [],
};

/** An alert without attempts: somebody with the machine let themselves in as this administrator. Each use is one of its own. */
export async function raiseBreakGlassAlert(tx: EntityManager, person: { id: string; email: string }): Promise<void> {
  const id = randomUUID();
  await tx.query(
    `INSERT INTO alerts (id, kind, severity, dedup_key, subject, person_id, application_id, evidence, first_at, last_at)
     VALUES ($1, 'break-glass', 'critical', $2, $3, $4, $5, $6, now(), now())`,
    [id, `break-glass:${id}`, person.email, person.id, await ownApplicationId(tx), JSON.stringify(noAttempts)],
  );
  await tx.query(`INSERT INTO alert_events (alert_id, kind) VALUES ($1, 'raised')`, [id]);
  await notify(tx, 'alert_changed', { alertId: id });
}
