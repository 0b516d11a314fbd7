import type { AuditEntry } from '../../api/types.js';
import { scopeWords } from '../../ui/naming.js';

const words: Record<string, string> = {
  'session.revoked': 'Ended a session',
  'sessions.revoked': 'Ended sessions',
  'application.created': 'Created an application',
  'application.removed': 'Deleted an application',
  'key.created': 'Created a key',
  'key.rotated': 'Rotated a key',
  'key.revoked': 'Revoked a key',
  'admin.created': 'Created an administrator',
  'admin.recovered': 'Used the emergency way in',
  'person.added': 'Added a person',
  'person.changed': 'Changed a person',
  'person.disabled': 'Disabled a person',
  'person.enabled': 'Enabled a person',
  'person.removed': 'Deleted a person',
  'factors.reset': 'Reset second factors',
  'recovery.started': 'Started account recovery',
  'recovery.link_mailed': 'Mailed a recovery link',
  'recovery.cancelled': 'Cancelled account recovery',
  'recovery.completed': 'Recovered the account',
  'address.added': 'Added an address',
  'address.confirmed': 'Confirmed an address',
  'address.removed': 'Removed an address',
  'address.notices_changed': 'Chose where notices go',
  'person.invited': 'Invited a person',
  'person.invitation_withdrawn': 'Withdrew an invitation',
  'simulated_people.saved': 'Saved simulated people',
  'password.changed': 'Changed the own password',
  'password.set': 'Chose a first password',
  'password.reset': 'Set a new password by link',
  'password.reset_requested': 'Mailed a link for a new password',
  'password.change_required': 'Required a new password',
  'data.exported': 'Exported data',
  'factor.added': 'Added a second factor',
  'factor.removed': 'Removed a second factor',
  'factor.changed': 'Renamed or reordered a second factor',
  'device.trusted': 'Trusted a device',
  'device.distrusted': 'Stopped trusting a device',
  'device.copied': 'Noticed a copy of a trusted device',
  'devices.distrusted': 'Stopped trusting every device',
  'device.removed': 'Removed a device',
  'two_step.turned_off': 'Turned two-step sign-in off',
  'backup_codes.made': 'Made new backup codes',
  'sign_in.confirmed': 'Said that a sign-in was the own',
  'sign_in.disowned': 'Said that a sign-in was not the own',
  'alert.taken': 'Took an alert',
  'alert.resolved': 'Resolved an alert',
  'alert.assigned': 'Gave an alert to somebody',
  'alert.held': 'Put an alert off',
  'alert.returned': 'Took an alert back that was put off',
  'alert.closed': 'Closed an alert for good',
  'alert.noted': 'Noted something on an alert',
  'alert.merged': 'Merged two alerts',
  'alert.unmerged': 'Took a merger of alerts back',
  'alert.asked': 'Asked somebody “Was this you?”',
  'alert.contained': 'Contained an alert',
  'alert.responded': 'Acted on an alert by a rule',
  'alert.response_failed': 'Could not act on an alert by a rule',
  'sign_in.challenge_lifted': 'Let somebody sign in without the second factor that a rule asked',
  'alert_mute.added': 'Asked for no more of an alert',
  'alert_mute.removed': 'Asked for an alert again',
  'containment.undone': 'Took a containment back',
  'password.change_lifted': 'Lifted the demand of a new password',
  'alert.reopened': 'Reopened an alert',
  'sign_in_policy.changed': 'Changed the sign-in rules',
  'detection_policy.changed': 'Changed the detection policy',
  'sms_gateway.changed': 'Changed the SMS gateway',
  'sms_gateway.removed': 'Removed the SMS gateway',
  'sms_gateway.tested': 'Sent a test message by SMS',
  'drill.asked': 'Started an attack drill',
  'drill.cancel_asked': 'Cancelled an attack drill',
  'drill.done': 'Ended an attack drill',
  'drill.cancelled': 'Ended an attack drill that was cancelled',
  'drill.failed': 'Ended an attack drill that failed',
  'organisation.changed': 'Changed the name or time zone of the organisation',
  'organisation.logo_set': 'Set the logo of the organisation',
  'organisation.logo_removed': 'Removed the logo of the organisation',
  'webhook.changed': 'Changed the webhook',
  'webhook.secret_renewed': 'Renewed the secret of the webhook',
  'webhook.enabled': 'Turned the webhook on again',
  'webhook.disabled': 'Turned the webhook off, as it took nothing',
  'webhook.removed': 'Removed the webhook',
  'webhook.tested': 'Sent a test message to the webhook',
  'warning.asking': 'Said that they ask about a sign-in',
  'warning.expected': 'Said that a sign-in was expected',
  'warning.not_expected': 'Had an account secured after a sign-in',
  'person.details_revealed': 'Looked at somebody’s addresses',
  'source.throttled': 'Refused an address for an hour',
  'source.released': 'Let an address in again',
  'person.reminded': 'Reminded somebody of two-step sign-in',
  'notification_rules.changed': 'Changed the notification rules',
  'quiet_hours.changed': 'Changed the own quiet hours',
  'mail.tested': 'Sent a test message',
  'simulation.started': 'Started the simulated company',
  'simulation.removed': 'Removed the simulated company',
};

/** An action in words; one that is newer than this list is spelt out of its own name. */
export function actionWords(action: string): string {
  const known = words[action];
  if (known !== undefined) return known;
  const spelt = action.replaceAll(/[._-]/g, ' ');
  return spelt.charAt(0).toLocaleUpperCase('en-GB') + spelt.slice(1);
}

const kindWords: Record<string, string> = {
  session: 'a session',
  revocation: 'a receipt',
  application: 'an application',
  key: 'a key',
  person: 'a person',
  people: 'people',
  alert: 'an alert',
  attempts: 'attempts',
  organisation: 'the organisation',
  policy: 'the rules',
  detection_policy: 'a version of the detection policy',
  device: 'a device',
  attempt: 'a sign-in',
  simulation: 'the simulated company',
};

/** What was acted on: by its name where the entry holds one, otherwise by its kind. */
export function targetWords({ target, detail }: AuditEntry): string {
  const { application, prefix } = detail;
  if (typeof application === 'string' && typeof prefix === 'string') return `${application}, key ${prefix}…`;
  const name = ['name', 'personName', 'email', 'number'].map((key) => detail[key]).find((v) => typeof v === 'string');
  return name ?? kindWords[target.kind] ?? target.kind;
}

/** The page of what was acted on, where there is one. */
export function targetHref({ action, target, detail }: AuditEntry): string | null {
  const receipt = target.kind === 'revocation' ? target.id : (detail['receiptId'] ?? detail['revocationId']);
  if (typeof receipt === 'string') return `/receipts/${receipt}`;
  if (action === 'sign_in_policy.changed') return '/settings/sign-in';
  if (action === 'notification_rules.changed') return '/settings/notifications';
  if (action.startsWith('sms_gateway.')) return '/settings/sms';
  if (action.startsWith('drill.')) return '/settings/drill';
  if (action.startsWith('organisation.')) return '/settings/organisation';
  if (action.startsWith('webhook.')) return '/settings/webhook';
  if (target.id === null) return null;
  if (target.kind === 'person') return `/u/${target.id}`;
  if (target.kind === 'alert') return `/alerts/${target.id}`;
  return target.kind === 'application' || target.kind === 'key' ? '/settings/applications' : null;
}

const fields: Record<string, string> = {
  email: 'E-mail',
  name: 'Name',
  username: 'User name',
  title: 'Title',
  role: 'Role',
  manager: 'Reports to',
  invited: 'Invited at',
  newPasswordRequired: 'New password required',
};

/** A field of a change in words; one that is newer than this list is spelt out of its own name. */
export function fieldWords(field: string): string {
  const spelt = field.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
  return fields[field] ?? spelt.charAt(0).toUpperCase() + spelt.slice(1);
}

/** What an entry says was there before and is there now, field by field. */
export function changesOf({ detail }: AuditEntry): { field: string; before: string | null; after: string | null }[] {
  const [before, after] = [recordOf(detail['before']), recordOf(detail['after'])];
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .map((field) => ({ field, before: valueWords(before[field]), after: valueWords(after[field]) }))
    .filter(({ before: former, after: now }) => former !== now);
}

const recordOf = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};

function valueWords(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
}

/** The rest of what was recorded, as `word: value`; ids are left out, because they mean nothing to a reader. */
export function detailText({ detail }: AuditEntry): string {
  return Object.entries(detail)
    .filter(([key, value]) => !namesTarget.has(key) && !/id$/i.test(key) && isPlain(value))
    .map(([key, value]) => `${spelt(key)}: ${String(value)}`)
    .concat(scopesText(detail['scopes']))
    .join(', ');
}

/** Said already by `targetWords`. */
const namesTarget = new Set(['name', 'application', 'prefix', 'replaces']);

function scopesText(scopes: unknown): string[] {
  const words: Record<string, string> = scopeWords;
  return Array.isArray(scopes)
    ? [`may ${scopes.map((scope) => words[String(scope)] ?? String(scope)).join(', ')}`]
    : [];
}

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const spelt = (key: string): string => key.replaceAll(/([A-Z])/g, ' $1').toLowerCase();
