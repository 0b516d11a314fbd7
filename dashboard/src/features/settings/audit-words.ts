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
  'alert.taken': 'Took an alert',
  'alert.resolved': 'Closed an alert',
  'alert.reopened': 'Reopened an alert',
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
  simulation: 'the simulated company',
};

/** What was acted on: by its name where the entry holds one, otherwise by its kind. */
export function targetWords({ target, detail }: AuditEntry): string {
  const name = ['name', 'personName', 'email', 'number'].map((key) => detail[key]).find((v) => typeof v === 'string');
  return name ?? kindWords[target.kind] ?? target.kind;
}

/** The page of what was acted on, where there is one. */
export function targetHref({ target, detail }: AuditEntry): string | null {
  const receipt = target.kind === 'revocation' ? target.id : (detail['receiptId'] ?? detail['revocationId']);
  if (typeof receipt === 'string') return `/receipts/${receipt}`;
  if (target.id === null) return null;
  if (target.kind === 'person') return `/u/${target.id}`;
  if (target.kind === 'alert') return `/alerts/${target.id}`;
  return target.kind === 'application' || target.kind === 'key' ? '/settings/applications' : null;
}

/** The rest of what was recorded, as `word: value`; ids are left out, because they mean nothing to a reader. */
export function detailText({ detail }: AuditEntry): string {
  return Object.entries(detail)
    .filter(([key, value]) => !/id$/i.test(key) && ['string', 'number', 'boolean'].includes(typeof value))
    .map(([key, value]) => `${key.replaceAll(/([A-Z])/g, ' $1').toLowerCase()}: ${String(value)}`)
    .join(', ');
}
