import type { AttemptRow, Client, Factor } from '../../api/types.js';
import { clientName, placeShort } from '../../ui/naming.js';

const knownReasons: Record<string, string> = {
  wrong_password: 'Wrong password',
  unknown_subject: 'Unknown name',
  wrong_code: 'Wrong code',
  account_disabled: 'Account disabled',
  account_locked: 'Account locked',
  too_many_tries: 'Too many tries',
  factor_required: 'Second factor asked for',
  factor_denied: 'Second factor refused',
  factor_timeout: 'Second factor unanswered',
  source_attacks: 'Right password, but the source attacks accounts',
  risk_challenge: 'Second factor asked for, as the sign-in was unusual',
  rule_challenge: 'Second factor asked for, because of an alert before',
  not_judged: 'Could not be judged in time',
  no_factor_to_ask: 'Unusual, but no second factor to ask for',
  policy: 'Not allowed by policy',
  expired: 'Expired',
  other: 'Other reason',
};

/** A source's own reason is shown as it was sent. */
export const reasonWords = (reason: string): string => knownReasons[reason] ?? reason;

const factorNames: Record<Factor, string> = {
  password: 'Password',
  totp: 'Authenticator app',
  passkey: 'Passkey',
  push: 'Push request',
  email: 'Code by e-mail',
  sms: 'Code by SMS',
  backup_code: 'Backup code',
  sso: 'Single sign-on',
  key: 'Key',
  none: 'Nothing',
};
export const factorWords = (factor: Factor): string => factorNames[factor];

/** Where an attempt came from in a table; private addresses are named as such and never placed. */
export function placeOf(row: Pick<AttemptRow, 'place' | 'network'>): string {
  if (row.network.kind === 'private') return 'Own network';
  if (row.network.kind === 'reserved') return 'No place';
  return placeShort(row.place);
}

/** `Chrome, Windows`: as much as a narrow column holds. */
export const clientShort = (client: Client): string =>
  client.browser !== null && client.os !== null ? `${client.browser}, ${client.os}` : clientName(client);
