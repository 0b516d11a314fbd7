import { sha256 } from './crypto.js';

/**
 * The keys for one purpose: the first makes all that is new, the others open what was made before a rotation, or by servers that
 * are a step of it ahead.
 */
export type KeyRing = readonly [current: Buffer, ...others: Buffer[]];

/** Names a key without telling it: eight hexadecimal digits, stored with what the key made. */
export const keyId = (key: Buffer): string => sha256(key).toString('hex').slice(0, 8);
