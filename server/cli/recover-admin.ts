import { randomBytes } from 'node:crypto';
import { AppendAudit } from '../audit/append-audit.js';
import { HashPassword } from '../authentication/hash-password.js';
import { NotifyPerson } from '../notifications/notify-person.js';
import { RecoverAdmin } from '../people/recover-admin.js';
import { loadConfig } from '../platform/config.js';
import { Seal } from '../platform/seal.js';
import { Revoke } from '../sessions/revoke.js';
import type { Output } from './output.js';
import { withDatabase } from './with-database.js';

/** `gatehouse admin recover`: the emergency way in for an administrator who lost theirs. It raises an alert and mails all administrators. */
export async function recoverAdmin(email: string, output: Output): Promise<void> {
  const config = loadConfig(process.env);
  // 144 random bits, which the first sign-in asks to replace.
  const password = randomBytes(18).toString('base64url');
  const { id, name } = await withDatabase(config, output.say, (database) => {
    const audit = new AppendAudit(config.keysFor('audit-chain')[0]);
    return new RecoverAdmin({
      database,
      audit,
      passwords: new HashPassword(config.keysFor('password-pepper')),
      revocations: new Revoke(database, audit),
      notifications: new NotifyPerson(new Seal(config.keysFor('outbox-secrets'))),
      now: Date.now,
    }).recover(email, password);
  });
  output.answer({ id, email, password }, [
    `${name} can sign in again as ${email}. All their sessions were ended.`,
    `Password: ${password}`,
    'This is the only time it is shown; the first sign-in asks for another. An alert was raised and all administrators get mail.',
  ]);
}
