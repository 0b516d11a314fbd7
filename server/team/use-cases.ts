import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ListActivity } from '../activity/list-activity.js';
import { AppendAudit } from '../audit/append-audit.js';
import { NotifyPerson } from '../notifications/notify-person.js';
import { Cursors } from '../platform/paging.js';
import { CLOCK } from '../platform/tokens.js';
import { use } from '../platform/use.js';
import { ListSessions } from '../sessions/list-sessions.js';
import { Receipts } from '../sessions/receipts.js';
import { EndSessions } from '../sessions/end-sessions.js';
import { EndReportSessions } from './end-report-sessions.js';
import { ReadReport } from './read-report.js';
import { ReadTeam } from './read-team.js';
import { RemindOfTwoStep } from './remind-of-two-step.js';
import { RevealDetails } from './reveal-details.js';

/** What managers see and do. */
export const teamUseCases: FactoryProvider[] = [
  use(ReadTeam, DataSource, Cursors),
  use(ReadReport, DataSource, ListSessions, ListActivity, CLOCK),
  use(RevealDetails, DataSource, AppendAudit),
  use(RemindOfTwoStep, DataSource, AppendAudit, NotifyPerson),
  use(EndReportSessions, DataSource, EndSessions, Receipts),
];
