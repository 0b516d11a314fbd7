import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AppendAudit } from '../audit/append-audit.js';
import { use } from '../platform/use.js';
import { ChangeLogo } from './change-logo.js';
import { ChangeOrganisation } from './change-organisation.js';
import { ReadOrganisation } from './read-organisation.js';

/** What the organisation is known by. */
export const organisationUseCases: FactoryProvider[] = [
  use(ReadOrganisation, DataSource),
  use(ChangeOrganisation, DataSource, AppendAudit),
  use(ChangeLogo, DataSource, AppendAudit),
];
