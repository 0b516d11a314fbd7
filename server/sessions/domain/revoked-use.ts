import type { Client, RiskLevel } from '../../contracts/detection.js';
import type { EndReason } from '../../contracts/sessions.js';

/** Ends by which somebody took a session away. One that ran out or was signed out leaves an honest dead cookie and nothing to fear. */
export const revokedReasons = [
  'revoked_by_self',
  'revoked_by_staff',
  'revoked_by_manager',
  'password_changed',
  'account_disabled',
  'role_changed',
  'policy',
] as const satisfies readonly EndReason[];
type RevokedReason = (typeof revokedReasons)[number];

/** Somebody didn't trust the session itself: then who used it last may be who stole it, and only where it began is its owner's. */
const suspected: readonly RevokedReason[] = ['revoked_by_self', 'revoked_by_staff', 'revoked_by_manager'];

/** How long a browser that nobody closed may go on presenting its dead cookie, in milliseconds: a week, with a holiday's weekend. */
const FORGOTTEN_TAB_MS = 7 * 24 * 3_600_000;

/** A session that was revoked. Networks are neighbourhoods of addresses: /24 or /48. Times are milliseconds since 1970. */
export type RevokedSession = {
  reason: RevokedReason;
  endedAt: number;
  client: Client;
  openedNetwork: string;
  lastNetwork: string;
};
export type LaterUse = { at: number; client: Client; network: string };

/** Whether a dead token is most likely an open tab that does not know yet: the same client, on the network of its owner, soon. */
export function isForgottenTab(session: RevokedSession, use: LaterUse): boolean {
  const familiar =
    use.network === session.openedNetwork ||
    (use.network === session.lastNetwork && !suspected.includes(session.reason));
  return familiar && isSameClient(session.client, use.client) && use.at - session.endedAt <= FORGOTTEN_TAB_MS;
}

/** A token does not change its browser by itself, but its owner may travel. An unknown country is no other one. */
export function severityOf(differs: { client: boolean; country: boolean }): RiskLevel {
  if (differs.client) return differs.country ? 'critical' : 'high';
  return differs.country ? 'medium' : 'low';
}

export const isSameClient = (a: Client, b: Client): boolean =>
  a.device === b.device && a.os === b.os && a.browser === b.browser;

export const isOtherCountry = (a: string | undefined, b: string | undefined): boolean =>
  a !== undefined && b !== undefined && a !== b;
