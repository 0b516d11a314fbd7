import { randomUUID } from 'node:crypto';
import type { EntityManager } from 'typeorm';
import type { Client } from '../contracts/detection.js';
import type { Role } from '../contracts/people.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { notify } from '../platform/database/listener.js';
import { limitsFor } from './domain/limits.js';

/** Everything a session is made of. `amr` holds RFC 8176 names of the factors verified in this very sign-in. */
export type NewSession = {
  person: { id: string; role: Role };
  amr: readonly string[];
  client: Client;
  userAgent: string | null;
  ip: string;
};

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
  const limits = limitsFor(session.person.role);
  await tx.query(
    `INSERT INTO sessions (id, token_hash, person_id, aal, amr, device, os, browser, user_agent, ip, network, idle_limit, expires_at)
     VALUES ($1, $2, $3, 1, $4, $5, $6, $7, $8, $9, '{"asn":null,"organisation":null,"kind":"unknown"}', make_interval(secs => $10), now() + make_interval(secs => $11))`,
    [
      sessionId,
      sha256(token),
      session.person.id,
      session.amr,
      session.client.device,
      session.client.os,
      session.client.browser,
      session.userAgent,
      session.ip,
      limits.idleSeconds,
      limits.absoluteSeconds,
    ],
  );
  await notify(tx, 'session_started', { sessionId });
  return { token, sessionId };
}
