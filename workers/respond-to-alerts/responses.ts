import type { DataSource } from 'typeorm';
import type { AppendAudit } from '../../server/audit/append-audit.js';
import { PolicyInForce } from '../../server/detection/policy-in-force.js';
import { RespondByPolicy } from '../../server/incidents/respond-by-policy.js';
import { NotifyPerson } from '../../server/notifications/notify-person.js';
import { systemClock } from '../../server/platform/clock.js';
import type { Config } from '../../server/platform/config.js';
import type { Listener } from '../../server/platform/database/listener.js';
import type { Logger } from '../../server/platform/logging.js';
import type { JobQueue } from '../../server/platform/queue.js';
import { Seal } from '../../server/platform/seal.js';
import { EndSessions } from '../../server/sessions/end-sessions.js';
import type { Revoke } from '../../server/sessions/revoke.js';

/** How often it is looked for responses whose wake-up was lost or whose next try is due, in milliseconds: one small read. */
const LOOK_EVERY_MS = 1_000;

type Parts = {
  config: Config;
  database: DataSource;
  queue: JobQueue;
  listener: Listener;
  logger: Logger;
  audit: AppendAudit;
  revocations: Revoke;
};

/** Does what rules have follow from alerts, right after those are stored. */
export async function openResponses(parts: Parts, ownApplicationId: string): Promise<void> {
  const { config, database, queue, listener, logger, audit, revocations } = parts;
  const notifications = new NotifyPerson(new Seal(config.keysFor('outbox-secrets')));
  const policies = new PolicyInForce(database);
  for (const change of ['detection_policy_changed', 'resumed'] as const) listener.on(change, () => policies.forget());
  const responses = new RespondByPolicy({
    ...{ database, audit, policies, ownApplicationId },
    sessions: new EndSessions(database, revocations, notifications, systemClock),
    now: systemClock,
    onError: (error) => logger.error({ err: error }, 'a response to an alert failed'),
  });
  queue.handle('respond-to-alerts', () => responses.run());
  await queue.every('respond-to-alerts', LOOK_EVERY_MS, {});
  listener.on('response_due', () => {
    queue
      .wake('respond-to-alerts', {})
      .catch((error: unknown) => logger.warn({ err: error }, 'wake-up not sent; the next look finds the response'));
  });
}
