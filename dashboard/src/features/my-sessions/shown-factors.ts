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

/**
 * "with password and code by SMS (weaker)": codes that are sent never make a session as strong as a device in hand. A passkey is more:
 * no look-alike page can pass it on.
 */
export function shownFactors({
  amr,
  aal,
  phishingResistant,
}: Pick<SessionView, 'amr' | 'aal' | 'phishingResistant'>): string {
  const names = amr.flatMap((name) => words[name] ?? []);
  const weaker = aal === 1 && amr.some((name) => sent.includes(name));
  const rank = weaker ? ' (weaker)' : phishingResistant ? ' (phishing-resistant)' : '';
  return names.length === 0 ? '' : `with ${list(names)}${rank}`;
}
