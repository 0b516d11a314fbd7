import type { EntityManager } from 'typeorm';
import { RECOVERY_LINK_HOURS } from '../contracts/recovery.js';
import { INVITATION_DAYS, RESET_LINK_MINUTES } from '../contracts/passwords.js';
import type { Queryable } from '../platform/database/data-source.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import { normaliseSubject } from '../platform/subject.js';
import {
  insertLink,
  type LinkPurpose,
  type LinkRow,
  readLink,
  spendLink,
  voidLinks,
  voidOutdatedLinks,
} from './store/account-links.js';

/** How long each kind of link works, in seconds. SP 800-63B-4 §4.2.1.2 allows a code sent by e-mail 24 hours. */
export const linkLife: Record<Exclude<LinkPurpose, 'cancel_recovery'>, number> = {
  reset_password: RESET_LINK_MINUTES * 60,
  invitation: INVITATION_DAYS * 86_400,
  confirm_address: 86_400,
  recover_account: RECOVERY_LINK_HOURS * 3_600,
};

/**
 * Makes a link that works once; links of the same purpose made before stop working.
 * @param sentTo every address that the link goes to: it is good only while they are all the person's
 * @returns the token, which only the mail may hold
 */
export async function issueLink(
  tx: EntityManager,
  purpose: keyof typeof linkLife,
  personId: string,
  sentTo: readonly string[],
  addressId: string | null = null,
): Promise<string> {
  const token = randomToken();
  if (addressId === null) await voidLinks(tx, personId, [purpose]);
  const lifeSeconds = linkLife[purpose];
  const keys = sentTo.map(normaliseSubject);
  await insertLink(tx, { purpose, personId, addressId, sentTo: keys, tokenHash: sha256(token), lifeSeconds });
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

/**
 * Makes links worthless for good that went to an address which is the person's no more, and those that set a password of somebody with
 * another role: what was mailed to a user must not let an administrator in.
 * @param change those whose addresses changed, and those whose role did
 * @returns whose invitations were among them
 */
export function withdrawOutdated(
  tx: EntityManager,
  change: { moved: readonly string[]; promoted: readonly string[] },
): Promise<string[]> {
  return voidOutdatedLinks(tx, change);
}
