import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Client } from '../contracts/detection.js';
import type { Queryable } from '../platform/database/data-source.js';
import { clientOf } from '../platform/client.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import {
  hasDevices,
  holdTrusted,
  insertDevice,
  isAnybodys,
  isKnown,
  isTrusted,
  readTrustDays,
  replaceToken,
  touchDevice,
} from './store/devices.js';

export { readTrustDays as trustDays };

/** Who comes with a token, as far as it says. */
type Holder = { deviceToken: string | undefined; userAgent: string | undefined };

/** The browser of a sign-in, with the token that it holds from now on. */
export type RecognisedDevice = {
  id: string;
  token: string;
  /** The person never used it, and used another one before. */
  isNew: boolean;
};

/**
 * Recognises the browser by the token that it kept, or takes it as a new one. With each sign-in the token is replaced: a copy of it
 * works until its owner signs in again at the most.
 */
export async function recogniseDevice(
  tx: EntityManager,
  personId: string,
  kept: string | undefined,
  client: Client,
): Promise<RecognisedDevice> {
  const token = randomToken();
  const tokenHash = sha256(token);
  if (kept !== undefined) await replaceToken(tx, sha256(kept), tokenHash);
  const known = await touchDevice(tx, personId, tokenHash, client);
  if (known !== undefined) return { id: known, token, isNew: false };
  const isNew = await hasDevices(tx, personId);
  const id = randomUUID();
  await insertDevice(tx, { id, personId, tokenHash, client });
  return { id, token, isNew };
}

/** Whether the browser that holds this token, and is the one that it was given to, may skip the second factor of this person. */
export async function isTrustedDevice(
  database: Queryable,
  personId: string,
  { deviceToken, userAgent }: Holder,
): Promise<boolean> {
  return deviceToken !== undefined && isTrusted(database, personId, sha256(deviceToken), clientOf(userAgent));
}

/** Whether it still is, until the transaction ends: what ends the trust meanwhile ends it for the sign-in under way too. */
export async function isStillTrusted(
  tx: EntityManager,
  personId: string,
  { deviceToken, userAgent }: Holder,
): Promise<boolean> {
  return deviceToken !== undefined && holdTrusted(tx, personId, sha256(deviceToken), clientOf(userAgent));
}

/** Whether whoever has this address signed in with this browser before. @param email normalised */
export async function knowsDevice(database: Queryable, email: string, kept: string | undefined): Promise<boolean> {
  return kept !== undefined && isKnown(database, email, sha256(kept));
}

/** Whether anybody signed in with this browser before. */
export async function isKnownDevice(database: Queryable, kept: string): Promise<boolean> {
  return isAnybodys(database, sha256(kept));
}
