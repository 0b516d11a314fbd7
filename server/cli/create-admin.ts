import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import type { DataSource } from 'typeorm';
import { z } from 'zod';
import { AppendAudit, cliActor } from '../audit/append-audit.js';
import { HashPassword } from '../authentication/hash-password.js';
import { personFields } from '../contracts/people.js';
import { CreateAdmin, isSetUp } from '../people/create-admin.js';
import { nameFromEmail } from '../people/domain/name-from-email.js';
import { type Config, loadConfig } from '../platform/config.js';
import { Complaint } from './complaint.js';
import type { Output } from './output.js';
import { withDatabase } from './with-database.js';

export type AdminOptions = { email: string; name?: string; organisation: string; passwordStdin: boolean };

/** `gatehouse admin create`: an administrator, the first one or another. */
export async function createAdmin(options: AdminOptions, output: Output): Promise<void> {
  const email = z.email().safeParse(options.email);
  if (!email.success) throw new Complaint(`"${options.email}" is not an e-mail address.`);
  const name = personFields.name.safeParse(options.name ?? nameFromEmail(email.data));
  if (!name.success) throw new Complaint('A name has 1 to 120 characters, and none that can’t be shown.');
  const config = loadConfig(process.env);
  const given = options.passwordStdin ? (await text(process.stdin)).replace(/\r?\n$/, '') : undefined;
  // 144 random bits, for the person to change after the first sign-in.
  const password = given ?? randomBytes(18).toString('base64url');
  const admin = { email: email.data, name: name.data, password };
  const id = await withDatabase(config, output.say, (database) =>
    insert(database, config, admin, options.organisation),
  );
  const shown = given === undefined ? { password } : {};
  output.answer({ id, email: admin.email, ...shown }, [
    `Administrator ${admin.email} (${id})`,
    ...(given === undefined ? [`Password: ${password}`, 'This is the only time it is shown.'] : []),
  ]);
}

async function insert(
  database: DataSource,
  config: Config,
  admin: { email: string; name: string; password: string },
  organisation: string,
): Promise<string> {
  const audit = new AppendAudit(config.keysFor('audit-chain')[0]);
  const creation = new CreateAdmin(database, new HashPassword(config.keysFor('password-pepper')), audit);
  if (await isSetUp(database)) return creation.create(admin, cliActor);
  const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  return creation.createFirst(admin, { organisation, timeZone }, cliActor);
}
