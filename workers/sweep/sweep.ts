import type { DataSource } from 'typeorm';
import { settleOldAlerts } from '../../server/alerts/settle-old-alerts.js';
import { systemActor } from '../../server/audit/append-audit.js';
import { noteWatching, tidyCounts } from '../../server/attempts/tidy-counts.js';
import { confineSessions } from '../../server/authentication/confine-sessions.js';
import { renewSeals } from '../../server/authentication/renew-secrets.js';
import { renewGatewaySeal } from '../../server/sms/read-gateway.js';
import { renewWebhookSeals } from '../../server/webhooks/read-target.js';
import { forgetReplacedTokens } from '../../server/devices/forget-replaced-tokens.js';
import { sweepSignIns } from '../../server/authentication/sweep-sign-ins.js';
import { forgetAssessments } from '../../server/decisions/forget-assessments.js';
import { noteSize, noteSweep } from '../../server/health/note-sweep.js';
import { forgetThrottled } from '../../server/incidents/forget-throttled.js';
import { maintainPartitions } from '../../server/platform/database/partitions.js';
import type { Seal } from '../../server/platform/seal.js';
import { forgetLooks } from '../../server/team/forget-looks.js';
import type { Revoke } from '../../server/sessions/revoke.js';

/** Processes not heard of for this long are taken off the list, in hours: until then the page about health names them. */
const NODE_FORGOTTEN_HOURS = 24;
/** How long it can be seen what became of a message, in days. */
const NOTIFICATIONS_KEPT_DAYS = 90;

/** What the sweep works with; `seal` renews what a former secret sealed. */
export type Sweep = { database: DataSource; revocations: Revoke; seal: Seal; nowMs: number; retentionDays: number };

/** Housekeeping, every minute in one worker: sessions and sign-ins that are over, partitions, and traces of processes that are gone. */
export async function sweep({ database, revocations, seal, nowMs, retentionDays }: Sweep): Promise<void> {
  const begun = performance.now();
  await revocations.revoke({ select: { overdue: 'idle' }, by: systemActor, endReason: 'idle' });
  await revocations.revoke({ select: { overdue: 'expired' }, by: systemActor, endReason: 'expired' });
  await noteWatching(database);
  await maintainPartitions(database, nowMs, retentionDays);
  await tidyCounts(database, nowMs);
  await database.query('DELETE FROM nodes WHERE seen_at < now() - make_interval(hours => $1)', [NODE_FORGOTTEN_HOURS]);
  await database.query(
    `DELETE FROM notifications WHERE state NOT IN ('queued', 'held') AND created_at < now() - make_interval(days => $1)`,
    [NOTIFICATIONS_KEPT_DAYS],
  );
  await database.query(`DELETE FROM account_links WHERE expires_at < now() - interval '1 day'`);
  await database.query(
    'DELETE FROM lessons WHERE learnt_at IS NOT NULL AND said_at < now() - make_interval(days => $1)',
    [retentionDays],
  );
  await database.query(`DELETE FROM sign_in_questions WHERE expires_at < now() - interval '1 day'`);
  // The alert stays, and its key with it, so that nothing is raised twice.
  await database.query(
    'DELETE FROM revoked_uses WHERE raised_at IS NOT NULL AND used_at < now() - make_interval(days => $1)',
    [retentionDays],
  );
  await sweepSignIns(database);
  await forgetReplacedTokens(database);
  await renewSeals(database, seal);
  await renewGatewaySeal(database, seal);
  await renewWebhookSeals(database, seal);
  await confineSessions(database);
  await forgetAssessments(database);
  await forgetThrottled(database);
  await database.query('DELETE FROM sign_in_challenges WHERE until <= now()');
  await forgetLooks(database);
  await settleOldAlerts(database);
  await database.query('DELETE FROM limits WHERE expire < $1', [nowMs]);
  await noteSize(database);
  // Last of all: what is noted is that everything before was done.
  await noteSweep(database, performance.now() - begun);
}
