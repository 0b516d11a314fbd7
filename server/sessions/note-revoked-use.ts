import { addressOf } from '../platform/address.js';
import { clientOf } from '../platform/client.js';
import type { Queryable } from '../platform/database/data-source.js';
import { isForgottenTab } from './domain/revoked-use.js';
import { insertRevokedUse, readUnnoted } from './store/revoked-uses.js';

/** Where a token is presented, as the server itself sees it. */
export type UsedFrom = { ip: string; userAgent: string | undefined };

/** Longest user agent that is kept. */
const USER_AGENT_MAX = 512;

/**
 * Notes that the token of a revoked session was presented, once for each session, for the worker to raise an alert. An open tab
 * that does not know yet that its session was taken away is no reason for one.
 */
export async function noteRevokedUse(
  database: Queryable,
  tokenHash: Buffer,
  { ip, userAgent }: UsedFrom,
): Promise<void> {
  const row = await readUnnoted(database, tokenHash);
  if (!row) return;
  const { id, reason, endedAt, now, openedIp, lastIp, device, os, browser } = row;
  const session = {
    reason,
    endedAt: endedAt.getTime(),
    client: { device, os, browser },
    openedNetwork: networkOf(openedIp),
    lastNetwork: networkOf(lastIp),
  };
  if (isForgottenTab(session, { at: now.getTime(), client: clientOf(userAgent), network: networkOf(ip) })) return;
  await insertRevokedUse(database, { sessionId: id, ip, userAgent: userAgent?.slice(0, USER_AGENT_MAX) ?? null });
}

const networkOf = (ip: string): string => addressOf(ip).prefixKey;
