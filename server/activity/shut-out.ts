import type { EntityManager } from 'typeorm';
import { forgetTrust } from '../devices/forget-trust.js';
import type { Revoke, RevokeRequest } from '../sessions/revoke.js';

/** Whose account, and the one session that may stay because it asks; null ends all. */
type Whose = { personId: string; exceptSessionId: string | null };

/**
 * Locks an intruder out of an account: its sessions end, no device is trusted any more, a new password comes before anything else.
 * Where no session stays the password is void too, as whoever signs in with it might be the intruder: a mailed link sets the next one.
 * @returns how many sessions ended and devices lost their trust
 */
export async function shutOut(
  tx: EntityManager,
  revocations: Revoke,
  { personId, exceptSessionId }: Whose,
  request: Omit<RevokeRequest, 'select'>,
): Promise<{ sessions: number; distrusted: number }> {
  const select = { personId, exceptSessionId: exceptSessionId ?? undefined };
  const revocation = await revocations.revokeWithin(tx, { ...request, select });
  const distrusted = await forgetTrust(tx, personId);
  await tx.query(
    `UPDATE people SET password_change_required_at = now(), password_hash = CASE WHEN $2 THEN password_hash END WHERE id = $1`,
    [personId, exceptSessionId !== null],
  );
  return { sessions: revocation?.sessionIds.length ?? 0, distrusted };
}
