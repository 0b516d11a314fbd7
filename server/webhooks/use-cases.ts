import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppendAudit } from '../audit/append-audit.js';
import type { Config } from '../platform/config.js';
import { Limits } from '../platform/limits.js';
import { Cursors } from '../platform/paging.js';
import { Seal } from '../platform/seal.js';
import { CONFIG } from '../platform/tokens.js';
import { use } from '../platform/use.js';
import { CarryEvent } from './carry-event.js';
import { ChangeWebhook } from './change-webhook.js';
import { ListDeliveries } from './list-deliveries.js';
import { SendTestEvent } from './send-test-event.js';

/** What telling a target is made of. */
export const webhookUseCases: FactoryProvider[] = [
  {
    provide: ChangeWebhook,
    inject: [DataSource, Seal, AppendAudit, CONFIG],
    useFactory: (database: DataSource, seal: Seal, audit: AppendAudit, config: Config) =>
      new ChangeWebhook(database, seal, audit, { privateAllowed: config.webhookPrivate }),
  },
  {
    provide: CarryEvent,
    inject: [Seal, CONFIG],
    useFactory: (seal: Seal, config: Config) => new CarryEvent(seal, { privateAllowed: config.webhookPrivate }),
  },
  use(ListDeliveries, DataSource, Cursors),
  use(SendTestEvent, DataSource, CarryEvent, Limits, AppendAudit),
];
