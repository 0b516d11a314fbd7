import type { DataSource } from 'typeorm';
import type { AppendAudit } from '../../server/audit/append-audit.js';
import { NotifyPerson } from '../../server/notifications/notify-person.js';
import type { Config } from '../../server/platform/config.js';
import type { Listener } from '../../server/platform/database/listener.js';
import type { LivePublisher } from '../../server/platform/live-bus.js';
import { rooms } from '../../server/platform/live-rooms.js';
import type { Logger } from '../../server/platform/logging.js';
import type { JobQueue } from '../../server/platform/queue.js';
import { Seal } from '../../server/platform/seal.js';
import { CarryEvent } from '../../server/webhooks/carry-event.js';
import { DeliverEvents } from '../../server/webhooks/deliver-events.js';
import { GatherEvents } from '../../server/webhooks/gather-events.js';

/** How often it is looked without being asked, in milliseconds: for retries, and for wake-ups that were lost. */
const LOOK_EVERY_MS = 10_000;
/** Shortest time between two wake-ups, in milliseconds: in a flood each batch changes alerts. */
const WAKE_EVERY_MS = 500;

type Parts = {
  config: Config;
  database: DataSource;
  queue: JobQueue;
  listener: Listener;
  publisher: LivePublisher;
  audit: AppendAudit;
  logger: Logger;
};

/**
 * Tells the webhook's target what happened, beside the mails: a target that answers slowly holds up nothing else.
 * @returns looks soon, as alerts changed
 */
export async function openWebhooks(parts: Parts): Promise<() => void> {
  const { config, database, queue, listener, publisher, audit, logger } = parts;
  const gathering = new GatherEvents(database, config.publicUrl);
  const delivery = new DeliverEvents({
    database,
    carrier: new CarryEvent(new Seal(config.keysFor('secrets-at-rest')), { privateAllowed: config.webhookPrivate }),
    notifications: new NotifyPerson(new Seal(config.keysFor('outbox-secrets'))),
    audit,
    onDelivered: () => publisher.emit(rooms.staff, 'mail.changed'),
    logger,
  });
  queue.handle('deliver-webhooks', async () => {
    await gathering.run();
    await delivery.run();
  });
  await queue.every('deliver-webhooks', LOOK_EVERY_MS, {});
  let timer: NodeJS.Timeout | undefined;
  const look = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      queue
        .wake('deliver-webhooks', {})
        .catch((error: unknown) => logger.warn({ err: error }, 'wake-up not sent; the next look finds the event'));
    }, WAKE_EVERY_MS).unref();
  };
  listener.on('alert_changed', look);
  listener.on('incident_changed', look);
  listener.on('session_revoked', look);
  return look;
}
