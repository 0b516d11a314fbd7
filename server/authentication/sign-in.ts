import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { NoticeCopiedTrust } from '../devices/notice-copied-trust.js';
import { isTrustedDevice } from '../devices/recognise-device.js';
import { requireUnchanged } from '../people/require-unchanged.js';
import { isSharedNetwork } from '../policies/shared-networks.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import { type DecisionReason, heedDecision, isRefused } from './domain/heed-decision.js';
import { isTwoStep, stillMissing } from './domain/required-factors.js';
import type { AdmitSignIn, AdmittedSignIn } from './admit-sign-in.js';
import type { AskDecision, OwnDecision } from './ask-decision.js';
import { type Account, findAccountByEmail } from './find-account.js';
import type { HashPassword } from './hash-password.js';
import type { NoteAttempt } from './note-attempt.js';
import type { OpenedSession, OpenSession, Origin } from './open-session.js';
import { renewPasswordHash } from './renew-secrets.js';
import { insertSignIn } from './store/sign-ins.js';

/** A session, or a sign-in that lacks a factor: its token opens nothing but the next step. */
export type SignInStep =
  { state: 'opened'; session: OpenedSession } | { state: 'factor_required'; signInToken: string };

type Parts = {
  database: DataSource;
  passwords: HashPassword;
  decisions: AskDecision;
  admission: AdmitSignIn;
  attempts: NoteAttempt;
  opening: OpenSession;
  copies: NoticeCopiedTrust;
};

/** The first step of signing in: e-mail and password. Every try is recorded, and told apart by nothing a stranger can see. */
export class SignIn {
  constructor(private readonly parts: Parts) {}

  /**
   * @throws Refusal `wrong_credentials` for a wrong password, an unknown address, a disabled account and a right password from a
   * source that attacks alike; `too_many_tries`, `password_locked`
   */
  async signIn(email: string, password: string, origin: Origin, saidShared: boolean): Promise<SignInStep> {
    const account = await findAccountByEmail(this.parts.database, email);
    const { knownDevice, wasRight } = await this.admit(email, account, origin);
    const shared = saidShared || (await isSharedNetwork(this.parts.database, origin.ip));
    // Asked about every name and every password, so that neither shows in the time it takes.
    const [right, told] = await Promise.all([
      this.parts.passwords.matches(password, account?.passwordHash ?? null, knownDevice),
      this.parts.decisions.ask(email, origin),
    ]);
    const reason = refusalOf(account, right, isRefused(told, knownDevice));
    if (!account || reason !== undefined) {
      const outcome = reason === 'source_attacks' ? 'blocked' : 'failure';
      await this.parts.attempts.note(email, origin, {
        outcome,
        factor: 'password',
        reason,
        assessmentId: told.assessmentId,
      });
      throw new Refusal('wrong_credentials');
    }
    await renewPasswordHash(this.parts.database, this.parts.passwords, account, password);
    await wasRight();
    await this.parts.copies.notice(account.id, origin);
    return this.advance(account, email, { origin, shared, told });
  }

  private async advance(account: Account, email: string, { origin, shared, told }: Circumstances): Promise<SignInStep> {
    // Trust spares the second factor, but never on a shared terminal.
    const trustedDevice = !shared && (await isTrustedDevice(this.parts.database, account.id, origin));
    const { challenged } = account;
    const { proved, reason } = heedDecision(told, { twoStep: isTwoStep(account), trustedDevice, challenged });
    const { assessmentId } = told;
    if (stillMissing(proved, account) !== 'nothing') {
      const signInToken = randomToken();
      const [id, tokenHash] = [randomUUID(), sha256(signInToken)];
      const asked = { id, tokenHash, personId: account.id, proofs: proved, shared, assessmentId: assessmentId ?? null };
      await this.parts.database.transaction(async (tx) => {
        await requireUnchanged(tx, account);
        await insertSignIn(tx, asked);
      });
      await this.parts.attempts.note(email, origin, {
        outcome: 'challenge',
        factor: 'password',
        reason: reason ?? 'factor_required',
        assessmentId,
      });
      return { state: 'factor_required', signInToken };
    }
    const session = await this.parts.database.transaction((tx) =>
      this.parts.opening.open(tx, account, proved, origin, shared),
    );
    await this.parts.attempts.note(email, origin, {
      outcome: 'success',
      factor: 'password',
      reason,
      sessionId: session.sessionId,
      assessmentId,
    });
    return { state: 'opened', session };
  }

  private async admit(email: string, account: Account | undefined, origin: Origin): Promise<AdmittedSignIn> {
    try {
      return await this.parts.admission.admit(email, account, origin);
    } catch (error) {
      if (error instanceof Refusal && (error.code === 'too_many_tries' || error.code === 'password_locked'))
        await this.parts.attempts.note(email, origin, {
          outcome: 'blocked',
          factor: 'password',
          reason: 'too_many_tries',
        });
      throw error;
    }
  }
}

/** Where a sign-in comes from, and what was decided about it. */
type Circumstances = { origin: Origin; shared: boolean; told: OwnDecision };
type RefusalReason =
  'unknown_subject' | 'wrong_password' | 'account_disabled' | Extract<DecisionReason, 'source_attacks'>;

/** Why nobody is let in, for those who may know; undefined where the sign-in goes on. */
function refusalOf(account: Account | undefined, right: boolean, refused: boolean): RefusalReason | undefined {
  if (!account) return 'unknown_subject';
  if (!right) return 'wrong_password';
  if (account.disabled) return 'account_disabled';
  return refused ? 'source_attacks' : undefined;
}
