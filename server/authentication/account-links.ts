import type { EntityManager } from 'typeorm';
import { RECOVERY_LINK_HOURS } from '../contracts/recovery.js';
import { INVITATION_DAYS, RESET_LINK_MINUTES } from '../contracts/passwords.js';
import type { Queryable } from '../platform/database/data-source.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import { insertLink, type LinkPurpose, type LinkRow, readLink, spendLink, voidLinks } from './store/account-links.js';

/** How long each kind of link works, in seconds. SP 800-63B-4 §4.2.1.2 allows a code sent by e-mail 24 hours. */
export const linkLife: Record<Exclude<LinkPurpose, 'cancel_recovery'>, number> = {
  reset_password: RESET_LINK_MINUTES * 60,
  invitation: INVITATION_DAYS * 86_400,
  confirm_address: 86_400,
  recover_account: RECOVERY_LINK_HOURS * 3_600,
};

/**
 * Makes a link that works once; links of the same purpose made before stop working.
 * @returns the token, which only the mail may hold
 */
export async function issueLink(
  tx: EntityManager,
  purpose: keyof typeof linkLife,
  personId: string,
  addressId: string | null = null,
): Promise<string> {
  const token = randomToken();
  if (addressId === null) await voidLinks(tx, personId, [purpose]);
  const lifeSeconds = linkLife[purpose];
  await insertLink(tx, { purpose, personId, addressId, tokenHash: sha256(token), lifeSeconds });
  return token;
}

/** What a link is good for, without using it up. @throws Refusal `link_invalid` */
export async function lookAtLink(
  database: Queryable,
  token: string,
  purposes: readonly LinkPurpose[],
): Promise<LinkRow> {
  const link = await readLink(database, sha256(token));
  if (!link || !purposes.includes(link.purpose)) throw new Refusal('link_invalid');
  return link;
}

/** Uses a link up. @throws Refusal `link_invalid`, also for all but one of those who use it at once */
export async function claimLink(tx: EntityManager, token: string, purposes: readonly LinkPurpose[]): Promise<LinkRow> {
  const link = await spendLink(tx, sha256(token));
  // Thrown inside the transaction: a link taken for another purpose is given back.
  if (!link || !purposes.includes(link.purpose)) throw new Refusal('link_invalid');
  return link;
}

/** Makes every open link of a person worthless, or only those of some purposes. @returns how many there were */
export function withdrawLinks(
  tx: EntityManager,
  personId: string,
  purposes: readonly LinkPurpose[] = [
    'reset_password',
    'invitation',
    'confirm_address',
    'recover_account',
    'cancel_recovery',
  ],
): Promise<number> {
  return voidLinks(tx, personId, purposes);
}
