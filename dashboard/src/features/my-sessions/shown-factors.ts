import type { SessionView } from '../../api/types.js';
import { list } from '../../ui/wording.js';

/** What was shown for a session, by the names of its record (RFC 8176 and our own). */
const words: Record<string, string> = {
  pwd: 'password',
  otp: 'authenticator app',
  pop: 'passkey',
  backup_code: 'backup code',
  trusted_device: 'trusted device',
  email: 'code by e-mail',
  sms: 'code by SMS',
};
const sent = ['email', 'sms'];

/** "with password and code by SMS (weaker)": codes that are sent never make a session as strong as a device in hand. */
export function shownFactors({ amr, aal }: Pick<SessionView, 'amr' | 'aal'>): string {
  const names = amr.flatMap((name) => words[name] ?? []);
  const weaker = aal === 1 && amr.some((name) => sent.includes(name));
  return names.length === 0 ? '' : `with ${list(names)}${weaker ? ' (weaker)' : ''}`;
}
