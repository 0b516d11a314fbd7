import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Client } from '../contracts/detection.js';
import type { Role } from '../contracts/people.js';
import { readRoleLimits } from '../policies/role-limits.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { notify } from '../platform/database/listener.js';
import type { SessionAssurance } from './rotate-session.js';

/** Everything a session is made of: who, what this very sign-in proved, and from where. */
export type NewSession = {
  person: { id: string; role: Role };
  assurance: SessionAssurance;
  client: Client;
  userAgent: string | null;
  ip: string;
  /** The recognised browser; null on a shared terminal. */
  deviceId: string | null;
  /** A terminal of several people: the session is short whatever the role. */
  shared: boolean;
};

type Limits = { idleMinutes: number; absoluteMinutes: number };

/** On a shared terminal: unused for so long and the next person may be sitting there, and no longer than a shift. In minutes. */
const SHARED: Limits = { idleMinutes: 10, absoluteMinutes: 12 * 60 };

/**
 * Opens a session. There is one caller of this: the end of sign-in, after every factor.
 * @returns the token for the cookie, which is stored only as a hash, and the session's public id
 */
export async function createSession(
  tx: EntityManager,
  session: NewSession,
): Promise<{ token: string; sessionId: string }> {
  const token = randomToken();
  const sessionId = randomUUID();
  const limits = limitsOf(await readRoleLimits(tx, session.person.role), session.shared);
  await tx.query(
    `INSERT INTO sessions (id, token_hash, person_id, aal, amr, proofs, proved_strength, confined_to, device, os, browser, user_agent, ip, network, idle_limit, expires_at, device_id, shared)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '{"asn":null,"organisation":null,"kind":"unknown"}',
       make_interval(mins => $14), now() + make_interval(mins => $15), $16, $17)`,
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
    ],
  );
  await notify(tx, 'session_started', { sessionId });
  return { token, sessionId };
}

const limitsOf = (role: Limits, shared: boolean): Limits =>
  shared
    ? {
        idleMinutes: Math.min(role.idleMinutes, SHARED.idleMinutes),
        absoluteMinutes: Math.min(role.absoluteMinutes, SHARED.absoluteMinutes),
      }
    : role;
