import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Root secrets, the current one first; those after it were current before. */
export type Secrets = readonly [string, ...string[]];

/** Where an installation keeps its root secrets that doesn't get them from outside. */
export const secretFile = (dataDir: string): string => join(dataDir, 'secret');

const newSecret = (): string => randomBytes(48).toString('base64');

/** Reads the secrets, one a line; the first start makes one. @throws what the file system says */
export function readSecrets(dataDir: string): Secrets {
  const path = secretFile(dataDir);
  mkdirSync(dataDir, { recursive: true });
  try {
    // `wx`: of two processes that start together, one creates the file and the other reads it.
    writeFileSync(path, newSecret(), { flag: 'wx', mode: 0o600 });
    chmodSync(path, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const [current = '', ...others] = readFileSync(path, 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  return [current, ...others];
}

/** Puts a new secret before those there are. */
export const rotateSecret = (dataDir: string): void => write(dataDir, [newSecret(), ...readSecrets(dataDir)]);

/** Leaves only the current secret. */
export const forgetSecrets = (dataDir: string): void => write(dataDir, [readSecrets(dataDir)[0]]);

/** In one step: half a secret would lock everybody out. */
function write(dataDir: string, secrets: Secrets): void {
  const path = secretFile(dataDir);
  writeFileSync(`${path}.new`, `${secrets.join('\n')}\n`, { mode: 0o600, flush: true });
  renameSync(`${path}.new`, path);
}
