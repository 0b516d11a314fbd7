import type { EntityManager } from 'typeorm';
import { clientOf } from '../platform/client.js';
import { createSession } from '../sessions/create-session.js';
import type { SessionAssurance } from '../sessions/rotate-session.js';
import { assuranceOf, type Proof, strongest } from './domain/assurance.js';
import { mustSetUpFirst, stillMissing } from './domain/required-factors.js';
import type { Account } from './find-account.js';

/** Where a sign-in comes from, as the server itself sees it. */
export type Origin = { ip: string; userAgent: string | undefined };
export type OpenedSession = { token: string; sessionId: string; personId: string };

/**
 * Opens the session at the end of a sign-in: the one place where sessions begin, whatever the way in.
 * @param proved what was proved in this very sign-in
 * @throws Error when something is missing: a caller that gets here too early is wrong, and nobody is let in
 */
export async function openSession(
  tx: EntityManager,
  account: Account,
  proved: readonly Proof[],
  origin: Origin,
  nowMs: number,
): Promise<OpenedSession> {
  if (account.disabled || stillMissing(proved, account) !== 'nothing')
    throw new Error('A session was asked for before everything was proved.');
  const opened = await createSession(tx, {
    person: account,
    assurance: sessionAssurance(account, proved, strongest(proved), nowMs),
    client: clientOf(origin.userAgent),
    userAgent: origin.userAgent?.slice(0, 512) ?? null,
    ip: origin.ip,
  });
  return { ...opened, personId: account.id };
}

/** @param strength of the newest proof */
export function sessionAssurance(
  account: Account,
  proved: readonly Proof[],
  strength: number,
  nowMs: number,
): SessionAssurance {
  const { aal, amr } = assuranceOf(proved);
  const confinedTo = mustSetUpFirst(account, nowMs) ? 'factor_set_up' : null;
  return { aal, amr, proofs: [...new Set(proved)], strength, confinedTo };
}
