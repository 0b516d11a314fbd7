import { BACKUP_CODE_LENGTH } from '../../contracts/factors.js';

/** 32 signs, so that each takes five random bits; without 0, 1, I and O, which read as each other. 40 bits a code. */
const SIGNS = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';

/** Makes one code of as many random bytes as it has signs. */
export function backupCodeOf(random: Uint8Array): string {
  if (random.length !== BACKUP_CODE_LENGTH) throw new RangeError(`A code takes ${BACKUP_CODE_LENGTH} random bytes.`);
  // 256 is a multiple of 32: the rest of a division is as even as the byte.
  return Array.from(random, (byte) => SIGNS[byte % SIGNS.length]).join('');
}

/** As it is shown and saved: `4KD7-9QXM`. */
export const written = (code: string): string => `${code.slice(0, 4)}-${code.slice(4)}`;
