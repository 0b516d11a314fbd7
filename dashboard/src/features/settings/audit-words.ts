import type { AuditEntry } from '../../api/types.js';

const words: Record<string, string> = {
  'session.revoked': 'Ended a session',
  'sessions.revoked': 'Ended sessions',
  'application.created': 'Created an application',
  'application.removed': 'Deleted an application',
  'key.created': 'Created a key',
  'key.rotated': 'Rotated a key',
  'key.revoked': 'Revoked a key',
  'admin.created': 'Created an administrator',
  'people.saved': 'Saved people',
  'data.exported': 'Exported data',
  'factor.added': 'Added a second factor',
  'factor.removed': 'Removed a second factor',
  'factor.changed': 'Renamed or reordered a second factor',
  'device.trusted': 'Trusted a device',
  'device.distrusted': 'Stopped trusting a device',
  'devices.distrusted': 'Stopped trusting every device',
  'device.removed': 'Removed a device',
  'factors.reset': 'Reset somebody’s second factors',
  'two_step.turned_off': 'Turned two-step sign-in off',
  'backup_codes.made': 'Made new backup codes',
  'password.changed': 'Changed the own password',
  'password.set': 'Set a first password',
  'password.reset': 'Set a new password by a mailed link',
  'password.reset_requested': 'Asked for a link to set a new password',
  'alert.taken': 'Took an alert',
  'alert.resolved': 'Closed an alert',
  'alert.reopened': 'Reopened an alert',
  'sign_in_policy.changed': 'Changed the sign-in rules',
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
  policy: 'the rules',
  device: 'a device',
  simulation: 'the simulated company',
};

/** What was acted on: by its name where the entry holds one, otherwise by its kind. */
export function targetWords({ target, detail }: AuditEntry): string {
  const name = ['name', 'personName', 'email', 'number'].map((key) => detail[key]).find((v) => typeof v === 'string');
  return name ?? kindWords[target.kind] ?? target.kind;
}

/** The page of what was acted on, where there is one. */
export function targetHref({ action, target, detail }: AuditEntry): string | null {
  const receipt = target.kind === 'revocation' ? target.id : (detail['receiptId'] ?? detail['revocationId']);
  if (typeof receipt === 'string') return `/receipts/${receipt}`;
  if (action === 'sign_in_policy.changed') return '/settings/sign-in';
  if (target.id === null) return null;
  if (target.kind === 'person') return `/u/${target.id}`;
  if (target.kind === 'alert') return `/alerts/${target.id}`;
  return target.kind === 'application' || target.kind === 'key' ? '/settings/applications' : null;
}

/** The rest of what was recorded, as `word: value`; ids are left out, because they mean nothing to a reader. */
export function detailText({ detail }: AuditEntry): string {
  const { before, after, ...rest } = detail;
  const plain = Object.entries(rest)
    .filter(([key, value]) => !/id$/i.test(key) && isPlain(value))
    .map(([key, value]) => `${spelt(key)}: ${String(value)}`);
  return [...plain, ...changes(before, after)].join(', ');
}

const isPlain = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const spelt = (key: string): string => key.replaceAll(/([A-Z])/g, ' $1').toLowerCase();

/** What a change of rules changed, as `word: before → after`. */
function changes(before: unknown, after: unknown): string[] {
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) return [];
  const former = before as Record<string, unknown>;
  return Object.entries(after)
    .filter(([key, value]) => former[key] !== value && isPlain(value))
    .map(([key, value]) => `${spelt(key)}: ${shown(former[key])} → ${shown(value)}`);
}

const shown = (value: unknown): string => (isPlain(value) && value !== '' ? String(value) : 'none');
