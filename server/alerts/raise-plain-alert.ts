import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { AlertEvidence, AlertKind } from '../contracts/alerts.js';
import type { RiskLevel } from '../contracts/detection.js';
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

type PlainAlert = {
  kind: Extract<AlertKind, 'break-glass' | 'recovery-started' | 'sms-limit' | 'trusted-device-copied'>;
  severity: RiskLevel;
  /** Of the same event there is one alert. */
  event: string;
  subject: string;
  personId: string | null;
};

/** An alert about something that Gatehouse itself did, without attempts as its evidence. */
export async function raisePlainAlert(tx: EntityManager, { event, ...alert }: PlainAlert): Promise<void> {
  const id = randomUUID();
  const raised = await tx.query<unknown[]>(
    `INSERT INTO alerts (id, kind, severity, dedup_key, subject, person_id, application_id, evidence, first_at, last_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, now(), now()) ON CONFLICT (dedup_key) DO NOTHING RETURNING id`,
    [
      ...[id, alert.kind, alert.severity, `${alert.kind}:${event}`, alert.subject, alert.personId],
      ...[await ownApplicationId(tx), JSON.stringify(noAttempts)],
    ],
  );
  if (raised.length === 0) return;
  await tx.query(`INSERT INTO alert_events (alert_id, kind) VALUES ($1, 'raised')`, [id]);
  await notify(tx, 'alert_changed', { alertId: id });
}
