import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** SHA-256, for tokens of full entropy only; passwords go through argon2. */
export const sha256 = (value: string | Buffer): Buffer => createHash('sha256').update(value).digest();

/** 256 random bits, base64url (43 characters). */
export const randomToken = (): string => randomBytes(32).toString('base64url');

/** Compares without telling by its duration where the values differ, whatever their lengths. */
export const equalInConstantTime = (a: string | Buffer, b: string | Buffer): boolean =>
  timingSafeEqual(sha256(a), sha256(b));
