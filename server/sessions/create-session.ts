import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Client } from '../contracts/detection.js';
import { type PersonThen, requireUnchanged } from '../people/require-unchanged.js';
import { readSessionLimits, type SessionLimits } from '../policies/session-limits.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { notify } from '../platform/database/listener.js';
import type { SessionAssurance } from './rotate-session.js';

/** Everything a session is made of: who, what this very sign-in proved, and from where. */
export type NewSession = {
  person: PersonThen;
  assurance: SessionAssurance;
  client: Client;
  userAgent: string | null;
  ip: string;
  /** The recognised browser; null on a shared terminal. */
  deviceId: string | null;
  /** A terminal of several people: the session is short whatever role and level. */
  shared: boolean;
};

/** On a shared terminal: unused for so long and the next person may be sitting there, and no longer than a shift. In minutes. */
const SHARED = { idleMinutes: 10, lockMinutes: 3, absoluteMinutes: 12 * 60 };

/**
 * Opens a session. Called in one place: the end of sign-in, after every factor.
 * @returns the token for the cookie, which is stored only as a hash, and the session's public id
 * @throws Refusal `conflict` when the person got another role or password while signing in, or was disabled
 */
export async function createSession(
  tx: EntityManager,
  session: NewSession,
): Promise<{ token: string; sessionId: string }> {
  const token = randomToken();
  const sessionId = randomUUID();
  await requireUnchanged(tx, session.person);
  const limits = limitsOf(await readSessionLimits(tx, session.person.role, session.assurance.aal), session.shared);
  await tx.query(
    `INSERT INTO sessions (id, token_hash, person_id, aal, amr, proofs, proved_strength, confined_to, device, os, browser, user_agent, ip, network, idle_limit, expires_at, device_id, shared, lock_after)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '{"asn":null,"organisation":null,"kind":"unknown"}',
       make_interval(mins => $14), now() + make_interval(mins => $15), $16, $17, make_interval(mins => $18))`,
    [
      sessionId,
      sha256(token),
      session.person.id,
      session.assurance.aal,
      session.assurance.amr,
      session.assurance.proofs,
      session.assurance.strength,
      session.assurance.confinedTo,
      session.client.device,
      session.client.os,
      session.client.browser,
      session.userAgent,
      session.ip,
      limits.idleMinutes,
      limits.absoluteMinutes,
      session.deviceId,
      session.shared,
      limits.lockMinutes,
    ],
  );
  await notify(tx, 'session_started', { sessionId });
  return { token, sessionId };
}

const limitsOf = (ruled: SessionLimits, shared: boolean): SessionLimits =>
  shared
    ? {
        idleMinutes: Math.min(ruled.idleMinutes, SHARED.idleMinutes),
        lockMinutes: Math.min(ruled.lockMinutes ?? SHARED.lockMinutes, SHARED.lockMinutes),
        absoluteMinutes: Math.min(ruled.absoluteMinutes, SHARED.absoluteMinutes),
      }
    : ruled;
