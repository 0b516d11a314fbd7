import type { FactoryProvider } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { ownApplicationId } from '../applications/own-application.js';
import { RecordAttempts } from '../attempts/record-attempts.js';
import { AppendAudit } from '../audit/append-audit.js';
import { DecideSignIn } from '../decisions/decide-sign-in.js';
import { NoticeCopiedTrust } from '../devices/notice-copied-trust.js';
import { NotifyPerson } from '../notifications/notify-person.js';
import { CreateAdmin } from '../people/create-admin.js';
import { ReadOrganisation } from '../organisation/read-organisation.js';
import type { Clock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { PublicOrigins } from '../platform/http/origins.js';
import { Limits } from '../platform/limits.js';
import { Seal } from '../platform/seal.js';
import { CLOCK, CONFIG } from '../platform/tokens.js';
import { use } from '../platform/use.js';
import { AdmitSms } from '../sms/admit-sms.js';
import { Revoke } from '../sessions/revoke.js';
import { AdmitSignIn } from './admit-sign-in.js';
import { AskDecision } from './ask-decision.js';
import { BackupCodes } from './backup-codes.js';
import { CancelRecovery } from './cancel-recovery.js';
import { BindFactors } from './bind-factors.js';
import { LiftChallenge } from './challenge-next.js';
import { CheckAssurance } from './check-assurance.js';
import { CompleteRecovery } from './complete-recovery.js';
import { CheckFactor } from './check-factor.js';
import { ContinueSignIn } from './continue-sign-in.js';
import { DemandLongerPassword } from './demand-longer-password.js';
import { HashPassword } from './hash-password.js';
import { LockOwnSession } from './lock-own-session.js';
import { ManageFactors } from './manage-factors.js';
import { NoteAttempt } from './note-attempt.js';
import { NoteFactorChange } from './note-factor-change.js';
import { NoteRecovery } from './note-recovery.js';
import { OpenSession } from './open-session.js';
import { Passkeys } from './passkeys.js';
import { PasswordTries } from './password-tries.js';
import { ReadSetUp } from './read-set-up.js';
import { ReadMe } from './read-me.js';
import { ResetFactors } from './reset-factors.js';
import { SendCode } from './send-code.js';
import { SignInByPasskey } from './sign-in-by-passkey.js';
import { SignIn } from './sign-in.js';
import { StartRecovery } from './start-recovery.js';
import { StepUp } from './step-up.js';

/** What signing in is made of. */
export const authenticationUseCases: FactoryProvider[] = [
  {
    provide: HashPassword,
    inject: [CONFIG],
    useFactory: (config: Config) => new HashPassword(config.keysFor('password-pepper')),
  },
  {
    provide: Seal,
    inject: [CONFIG],
    useFactory: (config: Config) => new Seal(config.keysFor('secrets-at-rest')),
  },
  {
    provide: NoteAttempt,
    inject: [RecordAttempts, DataSource, CLOCK],
    useFactory: (recording: RecordAttempts, database: DataSource, clock: Clock) =>
      new NoteAttempt(recording, ownApplication(database), clock),
  },
  {
    provide: AskDecision,
    inject: [DecideSignIn, DataSource],
    useFactory: (decisions: DecideSignIn, database: DataSource) => new AskDecision(decisions, ownApplication(database)),
  },
  {
    provide: SendCode,
    inject: [DataSource, NotifyPerson, Limits, AdmitSms, CONFIG, CLOCK],
    useFactory: (...[database, notifications, limiter, texts, config, now]: SendingParts) =>
      new SendCode(database, notifications, limiter, texts, config.keysFor('sent-codes'), now),
  },
  {
    provide: BindFactors,
    inject: [
      DataSource,
      Seal,
      CheckFactor,
      Passkeys,
      SendCode,
      BackupCodes,
      ReadOrganisation,
      NoteFactorChange,
      StepUp,
      Revoke,
      CLOCK,
    ],
    useFactory: (
      ...[
        database,
        seal,
        factors,
        passkeys,
        sending,
        codes,
        installation,
        changes,
        stepUp,
        revocations,
        now,
      ]: BindingParts
    ) =>
      new BindFactors({
        database,
        seal,
        factors,
        passkeys,
        sending,
        codes,
        installation,
        changes,
        stepUp,
        revocations,
        now,
      }),
  },
  use(NoteFactorChange, AppendAudit, NotifyPerson, CLOCK),
  {
    provide: CompleteRecovery,
    inject: [DataSource, Limits, Revoke, NoteRecovery, NoteAttempt, OpenSession],
    useFactory: (...[database, limiter, revocations, notes, attempts, opening]: RecoveringParts) =>
      new CompleteRecovery({ database, limiter, revocations, notes, attempts, opening }),
  },
  use(NoteRecovery, AppendAudit, NotifyPerson, CLOCK),
  use(StartRecovery, DataSource, Limits, NoteRecovery),
  use(CancelRecovery, DataSource, Limits, NoteRecovery),
  use(DemandLongerPassword, AppendAudit, NotifyPerson),
  use(OpenSession, NotifyPerson, CancelRecovery, DemandLongerPassword, CLOCK),
  use(PasswordTries, Limits),
  use(AdmitSignIn, DataSource, Limits, PasswordTries),
  {
    provide: SignIn,
    inject: [DataSource, HashPassword, AskDecision, AdmitSignIn, NoteAttempt, OpenSession, NoticeCopiedTrust],
    useFactory: (...[database, passwords, decisions, admission, attempts, opening, copies]: SigningInParts) =>
      new SignIn({ database, passwords, decisions, admission, attempts, opening, copies }),
  },
  use(ContinueSignIn, DataSource, CheckFactor, Passkeys, NoteAttempt, OpenSession, ReadOrganisation),
  use(SignInByPasskey, DataSource, Passkeys, Limits, NoteAttempt, OpenSession),
  use(Passkeys, DataSource, PublicOrigins),
  use(CheckFactor, DataSource, Seal, HashPassword, Passkeys, NotifyPerson, SendCode),
  use(CheckAssurance, DataSource),
  use(StepUp, DataSource, CheckFactor, Passkeys, HashPassword, Limits, CLOCK),
  use(LockOwnSession, DataSource, Passkeys, StepUp, NoteAttempt),
  use(BackupCodes, DataSource, HashPassword, NoteFactorChange),
  use(ManageFactors, DataSource, CheckFactor, CheckAssurance, StepUp, NoteFactorChange, DemandLongerPassword),
  use(ResetFactors, DataSource, Revoke, NotifyPerson, AppendAudit, CLOCK),
  use(LiftChallenge, DataSource, AppendAudit),
  use(ReadMe, DataSource, ReadOrganisation),
  use(ReadSetUp, DataSource, CreateAdmin, CONFIG, ReadOrganisation),
];

/** Its id never changes, so it is asked for once; a failed look is no answer. */
function ownApplication(database: DataSource): () => Promise<string> {
  let id: string | undefined;
  return async () => (id ??= await ownApplicationId(database));
}

type SendingParts = [DataSource, NotifyPerson, Limits, AdmitSms, Config, Clock];
type SigningInParts = [DataSource, HashPassword, AskDecision, AdmitSignIn, NoteAttempt, OpenSession, NoticeCopiedTrust];
type RecoveringParts = [DataSource, Limits, Revoke, NoteRecovery, NoteAttempt, OpenSession];
type BindingParts = [
  DataSource,
  Seal,
  CheckFactor,
  Passkeys,
  SendCode,
  BackupCodes,
  ReadOrganisation,
  NoteFactorChange,
  StepUp,
  Revoke,
  Clock,
];
