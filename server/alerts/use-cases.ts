import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { AskAboutSignIn } from '../activity/ask-about-sign-in.js';
import { SearchAttempts } from '../attempts/search-attempts.js';
import { AppendAudit } from '../audit/append-audit.js';
import { ContainAttack } from '../incidents/contain-attack.js';
import { ContainIncident } from '../incidents/contain-incident.js';
import { ReadIncidents } from '../incidents/read-incidents.js';
import { UndoContainment } from '../incidents/undo-containment.js';
import { NotifyPerson } from '../notifications/notify-person.js';
import { RequireNewPassword } from '../people/require-new-password.js';
import { Cursors } from '../platform/paging.js';
import { use } from '../platform/use.js';
import { Revoke } from '../sessions/revoke.js';
import { AskPerson } from './ask-person.js';
import { ChangeAlert } from './change-alert.js';
import { MeasureQuality } from './measure-quality.js';
import { MergeAlerts } from './merge-alerts.js';
import { MuteAlerts } from './mute-alerts.js';
import { TriageAlerts } from './triage-alerts.js';

/** What analysts do about alerts and incidents. */
export const triageUseCases: FactoryProvider[] = [
  use(TriageAlerts, DataSource, Cursors, SearchAttempts),
  use(MuteAlerts, DataSource, Cursors, AppendAudit),
  use(ChangeAlert, DataSource, AppendAudit, MuteAlerts),
  use(MergeAlerts, DataSource, AppendAudit),
  use(MeasureQuality, DataSource),
  use(AskAboutSignIn, NotifyPerson),
  use(AskPerson, DataSource, SearchAttempts, AskAboutSignIn, AppendAudit),
  use(ReadIncidents, DataSource, Cursors),
  use(ContainAttack, DataSource, Revoke, RequireNewPassword, AppendAudit),
  use(ContainIncident, DataSource, ContainAttack, AppendAudit),
  use(UndoContainment, DataSource, RequireNewPassword, AppendAudit),
];
