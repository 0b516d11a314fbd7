import { randomBytes } from 'node:crypto';

/** Milliseconds since 1970; injected so that tests can move it. */
export type Clock = () => number;
export const systemClock: Clock = () => Date.now();

/** Random hexadecimal digits, drawn in blocks: one system call an id would dominate the cost of recording. */
let digits = '';
let used = 0;
const DIGITS = 8_192;

/**
 * UUID version 7 (RFC 9562 §5.7) for a given instant: sorts by time, and the instant can be read back from it.
 * @param atMs milliseconds since 1970, below 2^48
 */
export function uuidAt(atMs: number): string {
  if (used + 20 > digits.length) {
    digits = randomBytes(DIGITS / 2).toString('hex');
    used = 0;
  }
  const random = digits.slice(used, (used += 20));
  const time = atMs.toString(16).padStart(12, '0');
  const variant = '89ab'.charAt(Number.parseInt(random.charAt(3), 16) & 3);
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-${variant}${random.slice(4, 7)}-${random.slice(7, 19)}`;
}

/** The instant a version 7 UUID was made for, in milliseconds since 1970. */
export const instantOf = (uuid: string): number => Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
