import { HashPassword } from '../authentication/hash-password.js';
import { type SecretUse, countUseBeyond } from '../authentication/renew-secrets.js';
import { type Config, loadConfig } from '../platform/config.js';
import { Seal } from '../platform/seal.js';
import { forgetSecrets, rotateSecret } from '../platform/secret-file.js';
import { Complaint } from './complaint.js';
import { claim } from './instance.js';
import type { Output } from './output.js';
import { withDatabase } from './with-database.js';

/** `gatehouse secret rotate`: a new root secret; the former ones go on opening what they made. */
export async function rotate(output: Output): Promise<void> {
  const config = configWithFile();
  const claimed = await claim(config.dataDir, { kind: 'command', launchers: [], address: config.publicUrl });
  if ('holder' in claimed)
    throw new Complaint('Gatehouse is running and would not know the new secret: stop it, rotate, start it again.');
  try {
    rotateSecret(config.dataDir);
  } finally {
    await claimed.release();
  }
  output.answer({ rotated: true }, [
    'There is a new secret, and the former one is still known. "gatehouse secret status" tells when that can be forgotten.',
  ]);
}

/** `gatehouse secret status`: what still needs a former secret. */
export async function secretStatus(output: Output): Promise<void> {
  const config = loadConfig(process.env);
  const use = await formerUse(config, output);
  output.answer({ formerSecrets: formerSecrets(config), ...use }, [sentence(formerSecrets(config), use)]);
}

/** `gatehouse secret forget`: removes the former secrets; refuses where something still needs them and nobody forces it. */
export async function forget(force: boolean, output: Output): Promise<void> {
  const config = configWithFile();
  const use = await formerUse(config, output);
  if (!force && isNeeded(use))
    throw new Complaint(`${sentence(formerSecrets(config), use)} --force forgets it anyway.`);
  forgetSecrets(config.dataDir);
  output.answer({ forgotten: formerSecrets(config) }, ['Only the current secret is known now.']);
}

function configWithFile(): Config {
  const config = loadConfig(process.env);
  if (process.env['GATEHOUSE_SECRET'])
    throw new Complaint(
      'The secret comes from GATEHOUSE_SECRET: change it there, and give the former one in GATEHOUSE_OTHER_SECRETS.',
    );
  return config;
}

const formerSecrets = (config: Config): number => config.keysFor('password-pepper').length - 1;

function formerUse(config: Config, output: Output): Promise<SecretUse> {
  const current = new Set([
    new HashPassword(config.keysFor('password-pepper')).pepperId,
    new Seal(config.keysFor('secrets-at-rest')).keyId,
  ]);
  return withDatabase(config, output.say, (database) => countUseBeyond(database, current));
}

const isNeeded = (use: SecretUse): boolean => Object.values(use).some((count) => count > 0);

function sentence(former: number, use: SecretUse): string {
  if (former === 0) return 'There is one secret, and no former one.';
  if (!isNeeded(use)) return 'No former secret is needed any more, except to verify audit entries of its time.';
  return (
    `A former secret is still needed for ${use.passwords} passwords (each until its owner signs in), ` +
    `${use.backupCodes} sets of backup codes (each until a new one is made) and ${use.sealed} authenticator apps, phone numbers and keys (renewed within minutes while a worker runs).`
  );
}
