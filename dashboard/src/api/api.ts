import { call, type CallOptions } from './call.js';
import type * as t from './types.js';

type Filter = NonNullable<CallOptions['query']>;
const id = encodeURIComponent;

/** Every request the dashboard makes, named by what it does. */
export const api = {
  setUpState: () => call<t.SetUpState>('GET', '/set-up'),
  checkSetUpAccount: (body: t.SetUpAccount) => call<undefined>('POST', '/set-up/account', { body }),
  setUp: (body: t.SetUpRequest) => call<t.SignedIn>('POST', '/set-up', { body }),
  signIn: (email: string, password: string, shared: boolean) =>
    call<t.SignInResult>('POST', '/sign-in', { body: { email, password, shared } }),
  signInState: () => call<t.FactorRequired>('GET', '/sign-in'),
  signInFactor: (answer: t.FactorAnswer) => call<t.SignedIn>('POST', '/sign-in/factor', { body: answer }),
  signInFactorPasskey: () => call<t.PasskeyOptions>('POST', '/sign-in/factor/passkey-options'),
  sendSignInCode: (factor: t.SentFactor) => call<t.SentCode>('POST', '/sign-in/factor/send', { body: { factor } }),
  cancelSignIn: () => call<unknown>('DELETE', '/sign-in'),
  startRecovery: () => call<t.RecoveryOffer>('POST', '/sign-in/recovery'),
  cancelRecoveryHere: () => call<unknown>('DELETE', '/sign-in/recovery'),
  completeRecovery: (token: string) => call<t.SignedIn>('POST', '/sign-in/recovery/complete', { body: { token } }),
  lookAtRecoveryLink: (token: string) => call<t.RecoveryLinkView>('POST', '/recovery/link', { body: { token } }),
  cancelRecoveryByLink: (token: string) => call<unknown>('POST', '/recovery/cancel', { body: { token } }),
  cancelOwnRecovery: () => call<unknown>('DELETE', '/me/recovery'),
  passkeySignInOptions: () => call<t.PasskeyOptions>('POST', '/sign-in/passkey-options'),
  signInByPasskey: (response: t.CredentialResponse, shared: boolean) =>
    call<t.SignedIn>('POST', '/sign-in/passkey', { body: { response, shared } }),
  signOut: (options: Pick<CallOptions, 'signal'> = {}) => call<unknown>('POST', '/sign-out', options),
  me: () => call<t.Me>('GET', '/me'),
  lock: () => call<unknown>('POST', '/me/lock'),
  unlock: (answer: t.UnlockAnswer) => call<unknown>('POST', '/me/unlock', { body: answer }),
  unlockPasskey: () => call<t.PasskeyOptions>('POST', '/me/unlock/passkey-options'),
  stepUpOptions: () => call<{ options: t.FactorOption[] }>('GET', '/me/step-up'),
  stepUp: (answer: t.StepUpAnswer) => call<unknown>('POST', '/me/step-up', { body: answer }),
  stepUpPasskey: () => call<t.PasskeyOptions>('POST', '/me/step-up/passkey-options'),
  sendStepUpCode: (factor: t.SentFactor) => call<t.SentCode>('POST', '/me/step-up/send', { body: { factor } }),

  devices: () => call<t.DevicesView>('GET', '/me/devices'),
  renameDevice: (deviceId: string, name: string) =>
    call<t.DevicesView>('PATCH', `/me/devices/${id(deviceId)}`, { body: { name } }),
  removeDevice: (deviceId: string) => call<t.DevicesView>('DELETE', `/me/devices/${id(deviceId)}`),
  trustThisDevice: () => call<t.DevicesView>('POST', '/me/devices/trust'),
  endTrust: (deviceId: string) => call<t.DevicesView>('DELETE', `/me/devices/${id(deviceId)}/trust`),

  factors: () => call<t.FactorsView>('GET', '/me/factors'),
  beginTotp: () => call<t.TotpSetUp>('POST', '/me/factors/totp'),
  confirmTotp: (code: string) => call<t.FactorAdded>('POST', '/me/factors/totp/confirm', { body: { code } }),
  beginEmailCodes: () => call<t.SentCode>('POST', '/me/factors/email'),
  confirmEmailCodes: (code: string) => call<t.FactorAdded>('POST', '/me/factors/email/confirm', { body: { code } }),
  beginSmsCodes: (phone: t.NewNumber) => call<t.SentCode>('POST', '/me/factors/sms', { body: phone }),
  confirmSmsCodes: (code: string) => call<t.FactorAdded>('POST', '/me/factors/sms/confirm', { body: { code } }),
  newPasskeyOptions: () => call<t.PasskeyOptions>('POST', '/me/factors/passkeys/options'),
  addPasskey: (name: string, response: t.CredentialResponse) =>
    call<t.FactorAdded>('POST', '/me/factors/passkeys', { body: { name, response } }),
  newBackupCodes: () => call<t.NewBackupCodes>('POST', '/me/factors/backup-codes'),
  backupCodesSaved: () => call<t.FactorsView>('POST', '/me/factors/backup-codes/saved'),
  changeFactor: (factorId: string, change: t.AuthenticatorChange) =>
    call<t.FactorsView>('PATCH', `/me/factors/${id(factorId)}`, { body: change }),
  removeFactor: (factorId: string) => call<t.FactorsView>('DELETE', `/me/factors/${id(factorId)}`),
  turnTwoStepOff: (body: t.TurnOffRequest) => call<t.FactorsView>('POST', '/me/factors/turn-off', { body }),

  passwordState: () => call<t.PasswordState>('GET', '/me/password'),
  changePassword: (current: string, next: string) => call<unknown>('POST', '/me/password', { body: { current, next } }),
  forgotPassword: (email: string) => call<t.ForgotAnswer>('POST', '/password/forgot', { body: { email } }),
  lookAtLink: (token: string) => call<t.LinkView>('POST', '/password/link', { body: { token } }),
  resetPassword: (token: string, password: string) =>
    call<unknown>('POST', '/password/reset', { body: { token, password } }),

  addresses: () => call<t.AddressList>('GET', '/me/addresses'),
  addAddress: (address: string) => call<t.AddressList>('POST', '/me/addresses', { body: { address } }),
  confirmAddressAgain: (addressId: string) =>
    call<t.AddressList>('POST', `/me/addresses/${id(addressId)}/confirmation`),
  chooseNotices: (addressId: string, notices: boolean) =>
    call<t.AddressList>('PATCH', `/me/addresses/${id(addressId)}`, { body: { notices } }),
  removeAddress: (addressId: string) => call<t.AddressList>('DELETE', `/me/addresses/${id(addressId)}`),
  lookAtAddress: (token: string) => call<t.AddressQuestion>('POST', '/addresses/link', { body: { token } }),
  confirmAddress: (token: string) => call<{ address: string }>('POST', '/addresses/confirm', { body: { token } }),
  myActivity: (query: Filter = {}) => call<t.Page<t.ActivityRow>>('GET', '/me/activity', { query }),
  myActivityCounts: (query: Filter = {}) => call<t.ActivityCounts>('GET', '/me/activity/counts', { query }),
  confirmSignIn: (attemptId: string) => call<t.ActivityRow>('POST', `/me/activity/${id(attemptId)}/confirm`),
  disownSignIn: (attemptId: string) => call<t.LockDown>('POST', `/me/activity/${id(attemptId)}/disown`),
  signInQuestion: (token: string) => call<t.SignInQuestion>('POST', '/sign-in-question', { body: { token } }),
  answerSignInQuestion: (token: string, answer: t.SignInAnswer) =>
    call<unknown>('POST', '/sign-in-question/answer', { body: { token, answer } }),
  looks: () => call<t.Looks>('GET', '/me/looks'),
  team: (query: Filter = {}) => call<t.Page<t.TeamPerson>>('GET', '/team', { query }),
  teamSummary: () => call<t.TeamSummary>('GET', '/team/summary'),
  teamPerson: (personId: string) => call<t.TeamPersonDetail>('GET', `/team/people/${id(personId)}`),
  teamSessions: (personId: string, query: Filter = {}) =>
    call<t.Page<t.TeamSession>>('GET', `/team/people/${id(personId)}/sessions`, { query }),
  teamActivity: (personId: string, query: Filter = {}) =>
    call<t.Page<t.TeamAttempt>>('GET', `/team/people/${id(personId)}/activity`, { query }),
  revealDetails: (personId: string, reason: string) =>
    call<t.Revealed>('POST', `/team/people/${id(personId)}/reveal`, { body: { reason } }),
  remindOfTwoStep: (people: readonly string[]) => call<t.Reminded>('POST', '/team/reminders', { body: { people } }),
  endReportSession: (personId: string, sessionId: string) =>
    call<t.RevocationReceipt>('POST', `/team/people/${id(personId)}/sessions/${id(sessionId)}/revoke`),
  endReportSessions: (personId: string) =>
    call<Pick<t.RevocationReceipt, 'sessions'>>('POST', `/team/people/${id(personId)}/sessions/revoke`),
  teamWarnings: (query: Filter = {}) => call<t.Page<t.TeamWarning>>('GET', '/team/warnings', { query }),
  teamAnswers: () => call<{ items: t.GivenAnswer[] }>('GET', '/team/answers'),
  answerTeamWarning: (alertId: string, answer: t.WarningAnswer, seen: string) =>
    call<t.TeamWarning>('POST', `/team/warnings/${id(alertId)}/answer`, { body: { answer, seen } }),
  warning: (token: string) => call<t.WarningView>('POST', '/warning', { body: { token } }),
  answerWarning: (token: string, answer: t.WarningAnswer, seen: string) =>
    call<unknown>('POST', '/warning/answer', { body: { token, answer, seen } }),
  quietHours: () => call<t.QuietHours>('GET', '/me/quiet-hours'),
  setQuietHours: (hours: t.QuietHours) => call<t.QuietHours>('PUT', '/me/quiet-hours', { body: hours }),
  notificationRules: () => call<t.NotificationRules>('GET', '/notification-rules'),
  changeNotificationRules: (rules: t.NotificationRules) =>
    call<t.NotificationRules>('PUT', '/notification-rules', { body: rules }),
  lockDown: () => call<t.LockDownState>('GET', '/me/lock-down'),
  confirmFactors: () => call<t.LockDownState>('POST', '/me/lock-down/factors'),

  mySessions: (query: Filter = {}) => call<t.Page<t.SessionView>>('GET', '/me/sessions', { query }),
  endMySession: (sessionId: string) => call<t.RevocationReceipt>('POST', `/me/sessions/${id(sessionId)}/revoke`),
  endMyOtherSessions: (includeCurrent: boolean, forgetTrust: boolean) =>
    call<t.RevocationReceipt>('POST', '/me/sessions/revoke-others', { body: { includeCurrent, forgetTrust } }),
  sessions: (query: Filter = {}) => call<t.Page<t.SessionView>>('GET', '/sessions', { query }),
  countSessions: (query: Filter) => call<t.SessionCount>('GET', '/sessions/count', { query }),
  endSessions: (sessionIds: string[], reason?: string) =>
    call<t.ListedReceipt>('POST', '/sessions/revoke-listed', { body: { sessionIds, reason } }),
  endSession: (sessionId: string, reason?: string) =>
    call<t.RevocationReceipt>('POST', `/sessions/${id(sessionId)}/revoke`, { body: { reason } }),
  endSessionsOf: (personId: string, reason?: string) =>
    call<t.RevocationReceipt>('POST', `/people/${id(personId)}/sessions/revoke`, { body: { reason } }),
  receipt: (receiptId: string) => call<t.RevocationReceipt>('GET', `/revocations/${id(receiptId)}`),

  attempts: (query: Filter = {}, signal?: AbortSignal) =>
    call<t.Page<t.AttemptRow>>('GET', '/attempts', { query, ...(signal ? { signal } : {}) }),
  overviewFigures: (query: t.FiguresQuery) => call<t.OverviewFigures>('GET', '/overview/figures', { query }),
  overviewLists: (query: t.OverviewQuery) => call<t.OverviewLists>('GET', '/overview/lists', { query }),
  attemptCounts: (query: Filter) => call<t.AttemptCounts>('GET', '/attempts/counts', { query }),
  attempt: (attemptId: string) => call<t.AttemptDetail>('GET', `/attempts/${id(attemptId)}`),
  alerts: (query: Filter = {}, signal?: AbortSignal) =>
    call<t.Page<t.AlertView>>('GET', '/alerts', { query, ...(signal ? { signal } : {}) }),
  alert: (alertId: string) => call<t.AlertDetail>('GET', `/alerts/${id(alertId)}`),
  entity: (about: { ip: string } | { asn: string } | { application: string }) =>
    call<t.EntityView>('GET', `/entities/${Object.entries(about)[0]?.map(id).join('/') ?? ''}`),
  device: (deviceId: string) => call<t.DeviceDetail>('GET', `/devices/${id(deviceId)}`),
  throttleSource: (ip: string) => call<t.ThrottledSource>('POST', '/sources/throttle', { body: { ip } }),
  releaseSource: (ip: string) => call<{ released: boolean }>('POST', '/sources/release', { body: { ip } }),
  endSessionsMatching: (body: { ip: string } | { device: string }) =>
    call<Pick<t.RevocationReceipt, 'sessions'>>('POST', '/sessions/revoke-matching', { body }),
  search: (text: string, signal?: AbortSignal) =>
    call<t.SearchResult>('GET', '/search', { query: { text }, ...(signal ? { signal } : {}) }),
  incident: (incidentId: string) => call<t.IncidentDetail>('GET', `/incidents/${id(incidentId)}`),
  containIncident: (incidentId: string, body: Partial<t.Containment>) =>
    call<t.ContainmentReceipt>('POST', `/incidents/${id(incidentId)}/contain`, { body }),
  releaseIncident: (incidentId: string) => call<t.Released>('POST', `/incidents/${id(incidentId)}/release`),
  reachOf: (alertIds: readonly string[]) =>
    call<t.AlertReach>('GET', '/alerts/reach', { query: { ids: alertIds.join(',') } }),
  containAlert: (alertId: string, body: Partial<t.AlertContainment> = {}) =>
    call<t.ContainmentReceipt>('POST', `/alerts/${id(alertId)}/contain`, { body }),
  undoContainment: (containmentId: string, body: Partial<t.UndoContainment> = {}) =>
    call<t.Undone>('POST', `/containments/${id(containmentId)}/undo`, { body }),
  mergeAlert: (alertId: string, into: string) =>
    call<t.AlertView>('POST', `/alerts/${id(alertId)}/merge`, { body: { into } }),
  unmergeAlert: (alertId: string) => call<t.AlertView>('POST', `/alerts/${id(alertId)}/unmerge`),
  askPerson: (alertId: string) => call<t.AskedPerson>('POST', `/alerts/${id(alertId)}/ask`),
  alertMutes: (query: Filter = {}) => call<t.Page<t.AlertMute>>('GET', '/alert-mutes', { query }),
  alertQuality: (days: number) => call<t.AlertQuality>('GET', '/alert-quality', { query: { days } }),
  liftMute: (muteId: string) => call<unknown>('DELETE', `/alert-mutes/${id(muteId)}`),
  changeAlert: (alertId: string, body: t.AlertChange) => call<t.AlertView>('PATCH', `/alerts/${id(alertId)}`, { body }),

  people: (query: Filter = {}) => call<t.Page<t.PersonView>>('GET', '/people', { query }),
  countPeople: (query: Filter = {}) => call<t.PeopleCount>('GET', '/people/count', { query }),
  person: (personId: string) => call<t.PersonDetail>('GET', `/people/${id(personId)}`),
  personDevices: (personId: string) => call<t.DevicesView>('GET', `/people/${id(personId)}/devices`),
  personFactors: (personId: string) => call<t.PersonFactors>('GET', `/people/${id(personId)}/factors`),
  liftChallenge: (personId: string) => call<t.PersonFactors>('DELETE', `/people/${id(personId)}/factors/challenge`),
  resetFactors: (personId: string, body: t.ResetFactorsRequest) =>
    call<t.PersonFactors>('POST', `/people/${id(personId)}/factors/reset`, { body }),
  cancelRecoveryOf: (personId: string) => call<unknown>('DELETE', `/people/${id(personId)}/recovery`),
  addPerson: (body: Partial<t.NewPerson>) => call<t.PeopleResult>('POST', '/people', { body: [body] }),
  invitePerson: (body: Partial<t.NewPerson>) => call<t.PersonDetail>('POST', '/people/invitations', { body }),
  changePerson: (personId: string, body: t.PersonChange) =>
    call<t.PersonDetail>('PATCH', `/people/${id(personId)}`, { body }),
  deletePerson: (personId: string) => call<unknown>('DELETE', `/people/${id(personId)}`),
  personAccount: (personId: string) => call<t.PersonAccount>('GET', `/people/${id(personId)}/account`),
  disablePerson: (personId: string, reason?: string) =>
    call<t.PersonAccount>('POST', `/people/${id(personId)}/disable`, { body: { reason } }),
  enablePerson: (personId: string) => call<t.PersonAccount>('POST', `/people/${id(personId)}/enable`),
  requirePassword: (personId: string, reason?: string) =>
    call<t.PersonAccount>('POST', `/people/${id(personId)}/require-password`, { body: { reason } }),
  sendInvitation: (personId: string) => call<t.PersonAccount>('POST', `/people/${id(personId)}/invitation`),
  withdrawInvitation: (personId: string) => call<t.PersonAccount>('DELETE', `/people/${id(personId)}/invitation`),
  previewImport: (csv: string) => call<t.ImportPreview>('POST', '/people/import/preview', { body: { csv } }),
  invitePeople: (emails: string[]) => call<t.InvitationsResult>('POST', '/people/invite', { body: { emails } }),
  applyImport: (csv: string, fingerprint: string) =>
    call<t.ImportPreview>('POST', '/people/import', { body: { csv, fingerprint } }),

  applications: () => call<t.Page<t.ApplicationView>>('GET', '/applications'),
  addApplication: (name: string) => call<t.CreatedApplication>('POST', '/applications', { body: { name } }),
  deleteApplication: (applicationId: string) => call<unknown>('DELETE', `/applications/${id(applicationId)}`),
  addKey: (applicationId: string, scopes: t.Scope[]) =>
    call<t.CreatedKey>('POST', `/applications/${id(applicationId)}/keys`, { body: { scopes } }),
  revokeKey: (applicationId: string, keyId: string) =>
    call<t.KeyView>('POST', `/applications/${id(applicationId)}/keys/${id(keyId)}/revoke`),
  rotateKey: (applicationId: string, keyId: string, overlapMinutes: number) =>
    call<t.CreatedKey>('POST', `/applications/${id(applicationId)}/keys/${id(keyId)}/rotate`, {
      body: { overlapMinutes },
    }),

  audit: (query: Filter = {}) => call<t.Page<t.AuditEntry>>('GET', '/audit', { query }),
  signInPolicy: () => call<t.SignInPolicyView>('GET', '/policies/sign-in'),
  setSignInPolicy: (body: t.SignInPolicyChange) => call<t.SignInPolicyView>('PUT', '/policies/sign-in', { body }),
  detectionPolicy: () => call<t.DetectionPolicyView>('GET', '/policies/detection'),
  setDetectionPolicy: (body: t.DetectionPolicyChange) =>
    call<t.DetectionPolicyView>('PUT', '/policies/detection', { body }),
  detectionPolicyVersions: (query: Filter = {}) =>
    call<t.Page<t.DetectionPolicyVersion>>('GET', '/policies/detection/versions', { query }),
  restoreDetectionPolicy: (version: number, body: t.RestoreRequest) =>
    call<t.DetectionPolicyView>('POST', `/policies/detection/versions/${version}/restore`, { body }),
  backtests: () => call<t.Page<t.BacktestView>>('GET', '/policies/detection/backtests'),
  backtest: (backtestId: string) => call<t.BacktestView>('GET', `/policies/detection/backtests/${id(backtestId)}`),
  startBacktest: (body: t.BacktestRequest) => call<t.BacktestView>('POST', '/policies/detection/backtests', { body }),
  cancelBacktest: (backtestId: string) =>
    call<t.BacktestView>('POST', `/policies/detection/backtests/${id(backtestId)}/cancel`),
  verifyAudit: () => call<t.ChainCheck>('POST', '/audit/verify'),
  mail: () => call<t.MailState>('GET', '/mail'),
  mailMessages: (query: Filter = {}) => call<t.Page<t.NotificationView>>('GET', '/mail/messages', { query }),
  sendTestMail: () => call<unknown>('POST', '/mail/test'),
  smsGateway: () => call<t.SmsGatewayView>('GET', '/sms-gateway'),
  setSmsGateway: (body: t.SmsGatewayChange) => call<t.SmsGatewayView>('PUT', '/sms-gateway', { body }),
  removeSmsGateway: () => call<t.SmsGatewayView>('DELETE', '/sms-gateway'),
  drills: () => call<t.Page<t.DrillView>>('GET', '/drills'),
  startDrill: () => call<t.DrillView>('POST', '/drills'),
  cancelDrill: (id: string) => call<t.DrillView>('POST', `/drills/${id}/cancel`),
  webhook: () => call<t.WebhookView>('GET', '/webhook'),
  webhookMessages: (query: Filter = {}) => call<t.Page<t.WebhookDelivery>>('GET', '/webhook/messages', { query }),
  setWebhook: (body: t.WebhookChange) => call<t.WebhookSet>('PUT', '/webhook', { body }),
  renewWebhookSecret: () => call<t.WebhookSet>('POST', '/webhook/secret'),
  enableWebhook: () => call<t.WebhookView>('POST', '/webhook/enable'),
  removeWebhook: () => call<t.WebhookView>('DELETE', '/webhook'),
  sendTestEvent: () => call<t.WebhookTestResult>('POST', '/webhook/test'),
  sendTestSms: (to: string) => call<t.SmsTestResult>('POST', '/sms-gateway/test', { body: { to } }),
  connectState: () => call<t.ConnectState>('GET', '/connect-state'),
  simulation: () => call<t.SimulationView>('GET', '/simulation'),
  startSimulation: () => call<t.SimulationView>('POST', '/simulation'),
  removeSimulation: () => call<t.SimulationView>('DELETE', '/simulation'),

  organisation: () => call<t.OrganisationView>('GET', '/organisation'),
  setOrganisation: (body: t.OrganisationChange) => call<t.OrganisationView>('PUT', '/organisation', { body }),
  setLogo: (image: string) => call<t.OrganisationView>('PUT', '/organisation/logo', { body: { image } }),
  removeLogo: () => call<t.OrganisationView>('DELETE', '/organisation/logo'),
  health: () => call<t.SystemHealth>('GET', '/health'),
};
