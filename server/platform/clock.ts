import { randomFillSync } from 'node:crypto';

/** Milliseconds since 1970; injected so that tests can move it. */
export type Clock = () => number;
export const systemClock: Clock = () => Date.now();

const pool = Buffer.alloc(16 * 256);
let used = pool.length;

/**
 * UUID version 7 (RFC 9562 §5.7) for a given instant: sorts by time, and the instant can be read back from it.
 * Random bits are drawn in blocks, as one system call an id would dominate the cost of recording.
 * @param atMs milliseconds since 1970, below 2^48
 */
export function uuidAt(atMs: number): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, (used += 16));
  bytes.writeUIntBE(atMs, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] as number) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] as number) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** The instant a version 7 UUID was made for, in milliseconds since 1970. */
export const instantOf = (uuid: string): number => Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
