import { generateSecret, generateURI, verifySync } from 'otplib';

/** RFC 4226 §4 recommends 160 bits. */
const SECRET_BYTES = 20;
const STEP_SECONDS = 30;
/** The step before the present one still counts (RFC 6238 §5.2): it may run out while its code is typed. None ahead. */
const TOLERANCE: [past: number, future: number] = [STEP_SECONDS, 0];

/** A new key for an authenticator app, in Base32. */
export const newTotpSecret = (): string => generateSecret({ length: SECRET_BYTES });

/**
 * What a QR code for an authenticator app holds.
 * @param organisation the app lists the key under its name; `Gatehouse` where it has none yet
 */
export function totpUri(secret: string, account: string, organisation: string): string {
  // A colon divides issuer and account, and apps decode before they divide.
  const issuer = organisation.replace(/[\s:]+/g, ' ').trim();
  return generateURI({ issuer: issuer || 'Gatehouse', label: account, secret });
}

/**
 * The time step to which a code belongs, or undefined when it belongs to none that counts.
 * @param epoch seconds since 1970, by the database's clock
 */
export function stepOf(secret: string, code: string, epoch: number): number | undefined {
  const result = verifySync({ secret, token: code, epoch: Math.floor(epoch), epochTolerance: TOLERANCE });
  return result.valid && 'timeStep' in result ? result.timeStep : undefined;
}
