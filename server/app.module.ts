import { type DynamicModule, type FactoryProvider, Module, type Type } from '@nestjs/common';
import { APP_GUARD, DiscoveryModule } from '@nestjs/core';
import { DataSource } from 'typeorm';
import { AnswerQuestion } from './activity/answer-question.js';
import { ConfirmSignIn } from './activity/confirm-sign-in.js';
import { DisownSignIn } from './activity/disown-sign-in.js';
import { ActivityController } from './activity/http/activity.controller.js';
import { QuestionController } from './activity/http/question.controller.js';
import { ListActivity } from './activity/list-activity.js';
import { AlertsController } from './alerts/http/alerts.controller.js';
import { MutesController } from './alerts/http/mutes.controller.js';
import { QualityController } from './alerts/http/quality.controller.js';
import { TriageAlerts } from './alerts/triage-alerts.js';
import { triageUseCases } from './alerts/use-cases.js';
import { CheckKey } from './applications/check-key.js';
import { CreateApplication } from './applications/create-application.js';
import { ApplicationsController } from './applications/http/applications.controller.js';
import { ListApplications } from './applications/list-applications.js';
import { NoteRefusal } from './applications/note-refusal.js';
import { RemoveApplication } from './applications/remove-application.js';
import { AdmitAttempts } from './attempts/admit-attempts.js';
import { Backlog } from './attempts/backlog.js';
import { EntitiesController } from './attempts/http/entities.controller.js';
import { AttemptsController } from './attempts/http/attempts.controller.js';
import { OverviewController } from './attempts/http/overview.controller.js';
import { ReadFigures } from './attempts/read-figures.js';
import { ReadOverview } from './attempts/read-overview.js';
import { ReadEntity } from './attempts/read-entity.js';
import { RecordAttempts } from './attempts/record-attempts.js';
import { SearchAttempts } from './attempts/search-attempts.js';
import { WakeScoring } from './attempts/wake-scoring.js';
import { AppendAudit } from './audit/append-audit.js';
import { AuditController } from './audit/http/audit.controller.js';
import { ListAudit } from './audit/list-audit.js';
import { RecordExport } from './audit/record-export.js';
import { VerifyChain } from './audit/verify-chain.js';
import { CancelRecovery } from './authentication/cancel-recovery.js';
import { ChangePassword } from './authentication/change-password.js';
import { PasswordController } from './authentication/http/password.controller.js';
import { PasswordTries } from './authentication/password-tries.js';
import { RequestPasswordReset } from './authentication/request-password-reset.js';
import { ResetPassword } from './authentication/reset-password.js';
import { HashPassword } from './authentication/hash-password.js';
import { AccessGuard } from './authentication/http/access.guard.js';
import { AnswerSignIn } from './authentication/http/answer-sign-in.js';
import { FactorsController } from './authentication/http/factors.controller.js';
import { LockController } from './authentication/http/lock.controller.js';
import { MeController } from './authentication/http/me.controller.js';
import { PersonFactorsController } from './authentication/http/person-factors.controller.js';
import { RecoveryController } from './authentication/http/recovery.controller.js';
import { SetUpController } from './authentication/http/set-up.controller.js';
import { SignInController } from './authentication/http/sign-in.controller.js';
import { authenticationUseCases } from './authentication/use-cases.js';
import { AskBacktest } from './detection/ask-backtest.js';
import { ChangeDetectionPolicy } from './detection/change-detection-policy.js';
import { BacktestsController } from './detection/http/backtests.controller.js';
import { DetectionPolicyController } from './detection/http/detection-policy.controller.js';
import { DeviceController } from './devices/http/device.controller.js';
import { DevicesController } from './devices/http/devices.controller.js';
import { PersonDevicesController } from './devices/http/person-devices.controller.js';
import { DecideSignIn } from './decisions/decide-sign-in.js';
import { DecideController } from './decisions/http/decide.controller.js';
import { ReadDevice } from './devices/read-device.js';
import { ManageDevices } from './devices/manage-devices.js';
import { NoticeCopiedTrust } from './devices/notice-copied-trust.js';
import { SignOutElsewhere } from './devices/sign-out-elsewhere.js';
import { SystemHealthController } from './health/http/system-health.controller.js';
import { ReadHealth } from './health/read-health.js';
import { LiveGateway } from './live/live.gateway.js';
import { LiveProcess, LiveSessions } from './live/live-sessions.js';
import { WatchHealth } from './live/watch-health.js';
import { ChangeNotificationRules } from './notifications/change-notification-rules.js';
import { MailController } from './notifications/http/mail.controller.js';
import { NotificationRulesController } from './notifications/http/notification-rules.controller.js';
import { ChangeQuietHours } from './notifications/change-quiet-hours.js';
import { QuietHoursController } from './notifications/http/quiet-hours.controller.js';
import { ListNotifications } from './notifications/list-notifications.js';
import { NotifyPerson } from './notifications/notify-person.js';
import { SendTest } from './notifications/send-test.js';
import { AddressesController } from './people/http/addresses.controller.js';
import { AccountsController } from './people/http/accounts.controller.js';
import { ImportController } from './people/http/import.controller.js';
import { PeopleController } from './people/http/people.controller.js';
import { ChangeSignInPolicy } from './policies/change-sign-in-policy.js';
import { SignInPolicyController } from './policies/http/sign-in-policy.controller.js';
import { ContainmentsController } from './incidents/http/containments.controller.js';
import { SourcesController } from './incidents/http/sources.controller.js';
import { ThrottleSource } from './incidents/throttle-source.js';
import { IncidentsController } from './incidents/http/incidents.controller.js';
import { ReadIncidents } from './incidents/read-incidents.js';
import { OrganisationController } from './organisation/http/organisation.controller.js';
import { organisationUseCases } from './organisation/use-cases.js';
import { peopleUseCases } from './people/use-cases.js';
import type { Clock } from './platform/clock.js';
import type { Config } from './platform/config.js';
import type { DatabaseConfig } from './platform/database/address.js';
import { Listener } from './platform/database/listener.js';
import { HealthController } from './platform/health/health.controller.js';
import { Metrics } from './platform/health/metrics.js';
import { PublicOrigins } from './platform/http/origins.js';
import { Limits } from './platform/limits.js';
import type { Logger } from './platform/logging.js';
import { Cursors } from './platform/paging.js';
import { JobQueue } from './platform/queue.js';
import { Seal } from './platform/seal.js';
import { CLOCK, CONFIG, LOGGER, NODE_ID } from './platform/tokens.js';
import { use } from './platform/use.js';
import { CheckSession } from './sessions/check-session.js';
import { ListSessions } from './sessions/list-sessions.js';
import { Receipts } from './sessions/receipts.js';
import { SessionsController } from './sessions/http/sessions.controller.js';
import { EndSessions } from './sessions/end-sessions.js';
import { Revoke } from './sessions/revoke.js';
import { FindAnything } from './search/find-anything.js';
import { SearchController } from './search/http/search.controller.js';
import { SmsGatewayController } from './sms/http/sms-gateway.controller.js';
import { smsUseCases } from './sms/use-cases.js';
import { AskDrill } from './drills/ask-drill.js';
import { DrillsController } from './drills/http/drills.controller.js';
import { WebhookController } from './webhooks/http/webhook.controller.js';
import { webhookUseCases } from './webhooks/use-cases.js';
import { SimulationController } from './simulation/http/simulation.controller.js';
import { SwitchSimulation } from './simulation/switch-simulation.js';
import { LooksController } from './team/http/looks.controller.js';
import { TeamController } from './team/http/team.controller.js';
import { ReadTeam } from './team/read-team.js';
import { teamUseCases } from './team/use-cases.js';
import { AnswerWarning } from './warnings/answer-warning.js';
import { TeamWarningsController } from './warnings/http/team-warnings.controller.js';
import { WarningController } from './warnings/http/warning.controller.js';
import { ListTeamWarnings } from './warnings/list-team-warnings.js';

/** What the process brings along before Nest starts: opened once, closed by `main.ts`. */
export type Foundation = {
  config: DatabaseConfig;
  database: DataSource;
  listener: Listener;
  queue: JobQueue;
  limits: Limits;
  logger: Logger;
  clock: Clock;
  nodeId: string;
};

const useCases: FactoryProvider[] = [
  {
    provide: Cursors,
    inject: [CONFIG],
    useFactory: (config: Config) => new Cursors(config.keysFor('cursor-signature')),
  },
  {
    provide: AppendAudit,
    inject: [CONFIG],
    useFactory: (config: Config) => new AppendAudit(config.keysFor('audit-chain')[0]),
  },
  {
    provide: NotifyPerson,
    inject: [CONFIG],
    useFactory: (config: Config) => new NotifyPerson(new Seal(config.keysFor('outbox-secrets'))),
  },
  { provide: PublicOrigins, inject: [CONFIG], useFactory: (config: Config) => new PublicOrigins(config.publicUrl) },
  {
    provide: Backlog,
    inject: [DataSource, LOGGER],
    useFactory: (database: DataSource, logger: Logger) =>
      new Backlog(database, (error) => logger.warn({ err: error }, 'backlog')),
  },
  {
    provide: WakeScoring,
    inject: [JobQueue, CLOCK, LOGGER],
    useFactory: (queue: JobQueue, clock: Clock, logger: Logger) =>
      new WakeScoring(queue, clock, (error) => logger.warn({ err: error }, 'wake-up not sent')),
  },
  {
    provide: RecordAttempts,
    inject: [DataSource, CLOCK, WakeScoring, Metrics],
    useFactory: (database: DataSource, clock: Clock, scoring: WakeScoring, metrics: Metrics) =>
      new RecordAttempts(database, clock, (attempts) => {
        metrics.recorded.inc(attempts);
        scoring.wake();
      }),
  },
  {
    provide: AdmitAttempts,
    inject: [RecordAttempts, Backlog, CLOCK, CONFIG],
    useFactory: (recording: RecordAttempts, backlog: Backlog, clock: Clock, config: Config) =>
      new AdmitAttempts(recording, backlog, clock, config.retentionDays),
  },
  {
    provide: DecideSignIn,
    inject: [DataSource, Listener, CLOCK, Metrics, LOGGER],
    useFactory: (database: DataSource, listener: Listener, now: Clock, metrics: Metrics, logger: Logger) =>
      new DecideSignIn({
        database,
        listener,
        now,
        onDecided: ({ decision, missing }) =>
          metrics.decisions.inc({ decision, in_time: String(!missing.includes('time')) }),
        onError: (error) => logger.warn({ err: error }, 'decision'),
      }),
  },
  {
    provide: LiveSessions,
    inject: [CheckSession, Receipts, Listener, ListSessions, TriageAlerts, ReadIncidents, ReadTeam, LiveProcess],
    useFactory: (...[check, receipts, listener, sessions, alerts, incidents, team, self]: LiveParts) =>
      new LiveSessions({
        check,
        receipts,
        listener,
        sessions,
        alerts,
        incidents,
        team,
        node: self.node,
        onError: self.onError,
      }),
  },
  {
    provide: LiveProcess,
    inject: [NODE_ID, LOGGER],
    useFactory: (node: string, logger: Logger): LiveProcess => ({
      node,
      onError: (error) => logger.warn({ err: error }, 'live'),
    }),
  },
  use(ReadHealth, DataSource, JobQueue, CONFIG),
  {
    provide: WatchHealth,
    inject: [ReadHealth, LOGGER],
    useFactory: (health: ReadHealth, logger: Logger) =>
      new WatchHealth(health, (error) => logger.warn({ err: error }, 'health')),
  },
  use(CheckKey, DataSource, CLOCK),
  use(NoteRefusal, DataSource, CLOCK),
  use(CreateApplication, DataSource, AppendAudit),
  use(ListApplications, DataSource, Cursors),
  use(RemoveApplication, DataSource, AppendAudit),
  use(SearchAttempts, DataSource, Cursors),
  use(ReadFigures, DataSource, CLOCK),
  use(ReadOverview, DataSource, CLOCK),
  use(ListAudit, DataSource, Cursors),
  {
    provide: VerifyChain,
    inject: [DataSource, CONFIG],
    useFactory: (database: DataSource, config: Config) => new VerifyChain(database, config.keysFor('audit-chain')),
  },
  use(RecordExport, DataSource, AppendAudit),
  {
    provide: ChangePassword,
    inject: [DataSource, HashPassword, Limits, Revoke, NotifyPerson, AppendAudit, CLOCK],
    useFactory: (...[database, passwords, limiter, revocations, notifications, audit, now]: PasswordParts) =>
      new ChangePassword({
        database,
        passwords,
        limiter,
        tries: new PasswordTries(limiter),
        revocations,
        notifications,
        audit,
        now,
      }),
  },
  {
    provide: ResetPassword,
    inject: [DataSource, HashPassword, CancelRecovery, Revoke, NotifyPerson, AppendAudit, CLOCK],
    useFactory: (...[database, passwords, recoveries, revocations, notifications, audit, now]: ResetParts) =>
      new ResetPassword({ database, passwords, recoveries, revocations, notifications, audit, now }),
  },
  {
    provide: DisownSignIn,
    inject: [DataSource, Revoke, NotifyPerson, AppendAudit, CLOCK],
    useFactory: (
      database: DataSource,
      revocations: Revoke,
      notifications: NotifyPerson,
      audit: AppendAudit,
      now: Clock,
    ) => new DisownSignIn({ database, revocations, notifications, audit, now }),
  },
  {
    provide: AnswerWarning,
    inject: [DataSource, Revoke, NotifyPerson, AppendAudit, CLOCK],
    useFactory: (
      database: DataSource,
      revocations: Revoke,
      notifications: NotifyPerson,
      audit: AppendAudit,
      now: Clock,
    ) => new AnswerWarning({ database, revocations, notifications, audit, now }),
  },
  use(ListTeamWarnings, DataSource, Cursors, AnswerWarning),
  use(ConfirmSignIn, DataSource, AppendAudit),
  use(AnswerQuestion, DataSource, ConfirmSignIn, DisownSignIn),
  use(ListActivity, DataSource, Cursors),
  use(RequestPasswordReset, DataSource, Limits, CONFIG),
  use(ListNotifications, DataSource, Cursors, CONFIG),
  use(ChangeNotificationRules, DataSource, AppendAudit),
  use(ChangeQuietHours, DataSource, AppendAudit),
  use(SendTest, DataSource, NotifyPerson, AppendAudit),
  use(ListSessions, DataSource, Cursors),
  use(CheckSession, DataSource),
  use(Receipts, DataSource),
  use(ReadDevice, DataSource),
  use(FindAnything, DataSource),
  use(ReadEntity, DataSource, CLOCK),
  use(ThrottleSource, DataSource, AppendAudit),
  use(ManageDevices, DataSource, Revoke, AppendAudit),
  use(NoticeCopiedTrust, DataSource, Revoke, NotifyPerson, AppendAudit, CLOCK),
  use(SignOutElsewhere, DataSource, Revoke, AppendAudit),
  use(ChangeSignInPolicy, DataSource, AppendAudit),
  use(ChangeDetectionPolicy, DataSource, AppendAudit, Cursors),
  use(AskBacktest, DataSource, JobQueue),
  use(AskDrill, DataSource, AppendAudit),
  use(Revoke, DataSource, AppendAudit),
  use(EndSessions, DataSource, Revoke, NotifyPerson, CLOCK),
  use(SwitchSimulation, DataSource, AppendAudit),
];

type LiveParts = [CheckSession, Receipts, Listener, ListSessions, TriageAlerts, ReadIncidents, ReadTeam, LiveProcess];
type PasswordParts = [DataSource, HashPassword, Limits, Revoke, NotifyPerson, AppendAudit, Clock];
type ResetParts = [DataSource, HashPassword, CancelRecovery, Revoke, NotifyPerson, AppendAudit, Clock];

const controllers: Type[] = [
  SetUpController,
  SignInController,
  LockController,
  MeController,
  FactorsController,
  PersonFactorsController,
  RecoveryController,
  DevicesController,
  PersonDevicesController,
  DeviceController,
  SignInPolicyController,
  BacktestsController,
  DetectionPolicyController,
  SessionsController,
  AttemptsController,
  EntitiesController,
  SearchController,
  OverviewController,
  DecideController,
  AlertsController,
  MutesController,
  QualityController,
  ContainmentsController,
  IncidentsController,
  SourcesController,
  ImportController,
  PeopleController,
  AccountsController,
  AddressesController,
  ApplicationsController,
  AuditController,
  MailController,
  NotificationRulesController,
  QuietHoursController,
  WarningController,
  TeamController,
  TeamWarningsController,
  LooksController,
  SmsGatewayController,
  WebhookController,
  DrillsController,
  PasswordController,
  ActivityController,
  QuestionController,
  SimulationController,
  HealthController,
  SystemHealthController,
  OrganisationController,
];

/** Everything the server is made of. */
@Module({})
export class AppModule {
  static on(foundation: Foundation): DynamicModule {
    return {
      module: AppModule,
      imports: [DiscoveryModule],
      controllers,
      providers: [
        { provide: CONFIG, useValue: foundation.config },
        { provide: DataSource, useValue: foundation.database },
        { provide: Listener, useValue: foundation.listener },
        { provide: JobQueue, useValue: foundation.queue },
        { provide: Limits, useValue: foundation.limits },
        { provide: LOGGER, useValue: foundation.logger },
        { provide: CLOCK, useValue: foundation.clock },
        { provide: NODE_ID, useValue: foundation.nodeId },
        Metrics,
        ...useCases,
        ...authenticationUseCases,
        ...smsUseCases,
        ...webhookUseCases,
        ...organisationUseCases,
        AnswerSignIn,
        ...peopleUseCases,
        ...teamUseCases,
        ...triageUseCases,
        LiveGateway,
        { provide: APP_GUARD, useClass: AccessGuard },
      ],
    };
  }
}
