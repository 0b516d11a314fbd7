import { EmbeddedPostgresError } from './embedded-error.js';
import { type Identity, runProgram } from './run-program.js';

/** Name of the system user that runs PostgreSQL when Gatehouse is started by root. */
export const SYSTEM_USER = 'gatehouse';

/**
 * Finds the system user for PostgreSQL, which refuses to run as root, and creates it when it is missing.
 * @param say told in one line when a user was created
 */
export async function systemUser(say: (line: string) => void): Promise<Identity> {
  const present = await identityOf(SYSTEM_USER);
  if (present) return present;
  const flags = ['--system', '--user-group', '--no-create-home', '--home-dir', '/nonexistent'];
  const { code, output } = await runProgram('useradd', [...flags, '--shell', '/usr/sbin/nologin', SYSTEM_USER]);
  // Another start at the same moment may have created it: what counts is that it is there now.
  const created = await identityOf(SYSTEM_USER);
  if (!created) {
    throw new EmbeddedPostgresError(
      `PostgreSQL refuses to run as root, and the system user "${SYSTEM_USER}" could not be created (useradd: ${output.trim() || code}): start Gatehouse as a normal user, or set DATABASE_URL.`,
    );
  }
  say(`Created the system user "${SYSTEM_USER}": PostgreSQL refuses to run as root, so it runs as that user.`);
  return created;
}

async function identityOf(name: string): Promise<Identity | undefined> {
  const [user, group] = await Promise.all([runProgram('id', ['-u', name]), runProgram('id', ['-g', name])]);
  const uid = Number(user.output.trim());
  const gid = Number(group.output.trim());
  const known = user.code === 0 && group.code === 0 && Number.isInteger(uid) && uid > 0;
  return known ? { uid, gid } : undefined;
}
