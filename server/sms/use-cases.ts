import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppendAudit } from '../audit/append-audit.js';
import type { Config } from '../platform/config.js';
import { Limits } from '../platform/limits.js';
import { Seal } from '../platform/seal.js';
import { CONFIG } from '../platform/tokens.js';
import { use } from '../platform/use.js';
import { AdmitSms } from './admit-sms.js';
import { CarrySms } from './carry-sms.js';
import { ChangeSmsGateway } from './change-sms-gateway.js';
import { SendTestSms } from './send-test-sms.js';

/** What sending by SMS is made of. */
export const smsUseCases: FactoryProvider[] = [
  {
    provide: AdmitSms,
    inject: [Limits, CONFIG],
    useFactory: (limiter: Limits, config: Config) => new AdmitSms(limiter, config.keysFor('limit-keys')[0]),
  },
  {
    provide: ChangeSmsGateway,
    inject: [DataSource, Seal, AppendAudit, CONFIG],
    useFactory: (database: DataSource, seal: Seal, audit: AppendAudit, config: Config) =>
      new ChangeSmsGateway(database, seal, audit, { privateAllowed: config.smsGatewayPrivate }),
  },
  {
    provide: CarrySms,
    inject: [DataSource, Seal, CONFIG],
    useFactory: (database: DataSource, seal: Seal, config: Config) =>
      new CarrySms(database, seal, { privateAllowed: config.smsGatewayPrivate }),
  },
  use(SendTestSms, DataSource, CarrySms, Limits, AppendAudit),
];
