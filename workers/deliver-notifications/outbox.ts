import type { DataSource } from 'typeorm';
import { mailCarrier } from '../../server/notifications/carry-mail.js';
import { DeliverDue } from '../../server/notifications/deliver-due.js';
import { NotifyPerson } from '../../server/notifications/notify-person.js';
import { ReleaseHeld } from '../../server/notifications/release-held.js';
import type { Config } from '../../server/platform/config.js';
import type { Listener } from '../../server/platform/database/listener.js';
import type { Logger } from '../../server/platform/logging.js';
import type { LivePublisher } from '../../server/platform/live-bus.js';
import { rooms } from '../../server/platform/live-rooms.js';
import type { JobQueue } from '../../server/platform/queue.js';
import { CarrySms } from '../../server/sms/carry-sms.js';
import { Seal } from '../../server/platform/seal.js';

/** How often the outbox is looked at without being asked, in milliseconds: for retries, and for wake-ups that were lost. */
const LOOK_EVERY_MS = 10_000;

type Parts = {
  config: Config;
  database: DataSource;
  queue: JobQueue;
  listener: Listener;
  publisher: LivePublisher;
  logger: Logger;
};

/** Delivers what is in the outbox: at once when something is put in, and again when a retry is due. */
export async function openOutbox({ config, database, queue, listener, publisher, logger }: Parts): Promise<void> {
  const tellScreens = (): void => publisher.emit(rooms.staff, 'mail.changed');
  const texts = new CarrySms(database, new Seal(config.keysFor('secrets-at-rest')), {
    privateAllowed: config.smsGatewayPrivate,
  });
  const sealed = new Seal(config.keysFor('outbox-secrets'));
  const held = new ReleaseHeld(database, new NotifyPerson(sealed), sealed);
  const delivery = new DeliverDue({
    database,
    settings: {
      publicUrl: config.publicUrl,
      mailFrom: config.mailFrom,
      seal: sealed,
    },
    carry: mailCarrier(config),
    carryText: (text) => texts.carry(text),
    releaseHeld: () => held.run(),
    onDelivered: tellScreens,
    logger,
  });
  queue.handle('deliver-notifications', () => delivery.run());
  await queue.every('deliver-notifications', LOOK_EVERY_MS, {});
  const wake = (): void => {
    tellScreens();
    queue
      .wake('deliver-notifications', {})
      .catch((error: unknown) => logger.warn({ err: error }, 'wake-up not sent; the next look finds the message'));
  };
  listener.on('notification_queued', wake);
  listener.on('resumed', wake);
}
