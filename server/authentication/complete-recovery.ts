import type { DataSource, EntityManager } from 'typeorm';
import { endRecoveryAlert } from '../alerts/end-recovery-alert.js';
import { forgetTrust } from '../devices/forget-trust.js';
import { Refusal } from '../platform/errors.js';
import type { SignInCaller } from '../platform/http/access.js';
import type { Limit, Limits } from '../platform/limits.js';
import { holdSignInPolicy } from '../policies/hold-sign-in-policy.js';
import type { Revoke } from '../sessions/revoke.js';
import { claimLink, withdrawLinks } from './account-links.js';
import { passChallenge } from './challenge-next.js';
import { dropFactors } from './drop-factors.js';
import { type Account, findAccountById } from './find-account.js';
import type { NoteAttempt } from './note-attempt.js';
import type { NoteRecovery } from './note-recovery.js';
import type { OpenedSession, OpenSession, Origin } from './open-session.js';
import { lockFactors } from './store/lock-person.js';
import { finishRecovery } from './store/recoveries.js';
import { claimSignIn, lockSignIns, type SignInRow } from './store/sign-ins.js';

/** Tokens can't be guessed; this bounds the work that somebody with the password makes. */
const TRIES: Limit = { name: 'recovery:complete', points: 60, seconds: 900, blockSeconds: 900 };

type Parts = {
  database: DataSource;
  limiter: Limits;
  revocations: Revoke;
  notes: NoteRecovery;
  attempts: NoteAttempt;
  opening: OpenSession;
};

/** The end of a recovery: password and mailed link together open a session that can do nothing but set up a new second factor. */
export class CompleteRecovery {
  constructor(private readonly parts: Parts) {}

  /**
   * Everything that was bound, trusted or open is gone in the same transaction.
   * @throws Refusal `link_invalid` for a link that is another person's, used, over or cancelled; `sign_in_expired`, `too_many_tries`
   */
  async complete(signIn: SignInCaller, token: string, origin: Origin): Promise<OpenedSession> {
    await this.parts.limiter.take(TRIES, signIn.personId);
    const { account, session } = await this.parts.database.transaction(async (tx) => {
      await holdSignInPolicy(tx);
      await lockSignIns(tx, signIn.personId);
      const claimed = await claimSignIn(tx, signIn.signInId);
      if (!claimed) throw new Refusal('sign_in_expired');
      // In the order in which a sign-in with a second factor takes them, which ends the recovery instead.
      await lockFactors(tx, signIn.personId);
      return this.exchange(tx, claimed, token, origin);
    });
    const { assessmentId } = signIn;
    await this.parts.attempts.note(account.email, origin, {
      outcome: 'success',
      factor: 'password',
      reason: 'account_recovered',
      sessionId: session.sessionId,
      assessmentId,
    });
    return session;
  }

  private async exchange(
    tx: EntityManager,
    { personId, proofs, shared }: SignInRow,
    token: string,
    origin: Origin,
  ): Promise<{ account: Account; session: OpenedSession }> {
    const before = await findAccountById(tx, personId);
    if (before.disabled) throw new Refusal('sign_in_expired');
    const recovery = await finishRecovery(tx, personId);
    if (!recovery) throw new Refusal('link_invalid');
    const link = await claimLink(tx, token, ['recover_account']);
    if (link.personId !== personId) throw new Refusal('link_invalid');
    const note = 'The recovery was completed by password and mailed link: every second factor was dropped.';
    await endRecoveryAlert(tx, recovery.id, { note, settles: false });
    const factors = await dropFactors(tx, personId);
    await withdrawLinks(tx, personId, ['recover_account', 'cancel_recovery']);
    await this.parts.revocations.revokeWithin(tx, {
      select: { personId },
      by: { kind: 'person', id: personId, name: before.name },
      endReason: 'policy',
      reason: 'The account was recovered',
      ip: origin.ip,
    });
    // After the sessions, whose devices nobody can trust any more.
    await forgetTrust(tx, personId);
    // The mailed link, and the wait of which everybody was told, are what a challenge would ask at most.
    await passChallenge(tx, personId);
    await this.parts.notes.completed(tx, before, recovery, { factors, origin });
    const account = await findAccountById(tx, personId);
    return { account, session: await this.parts.opening.open(tx, account, proofs, origin, shared) };
  }
}
