import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { isTrustedDevice, knowsDevice } from '../devices/recognise-device.js';
import { requireUnchanged } from '../people/require-unchanged.js';
import { addressOf } from '../platform/address.js';
import { randomToken, sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import type { Limit, Limits } from '../platform/limits.js';
import { normaliseSubject } from '../platform/subject.js';
import { type DecisionReason, heedDecision, isRefused } from './domain/heed-decision.js';
import { isTwoStep, stillMissing } from './domain/required-factors.js';
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

/**
 * Limits before any password is hashed. The account's own one doesn't count where the person signed in before: tries from
 * elsewhere must not lock the owner out. The limit of an address stops one source from trying many people.
 */
const limits = {
  accountAndSource: { name: 'sign-in:account+source', points: 8, seconds: 900, blockSeconds: 300 },
  account: { name: 'sign-in:account', points: 100, seconds: 3_600, blockSeconds: 300 },
  source: { name: 'sign-in:source', points: 60, seconds: 900, blockSeconds: 300 },
} as const satisfies Record<string, Limit>;

/** The first step of signing in: e-mail and password. Every try is recorded, and told apart by nothing a stranger can see. */
export class SignIn {
  constructor(
    private readonly database: DataSource,
    private readonly passwords: HashPassword,
    private readonly decisions: AskDecision,
    private readonly limiter: Limits,
    private readonly attempts: NoteAttempt,
    private readonly opening: OpenSession,
  ) {}

  /**
   * @throws Refusal `wrong_credentials` for a wrong password, an unknown address, a disabled account and a right password from a
   * source that attacks alike; `too_many_tries`
   */
  async signIn(email: string, password: string, origin: Origin, shared: boolean): Promise<SignInStep> {
    const keys = limitKeys(normaliseSubject(email), addressOf(origin.ip).addressKey);
    const knownDevice = await this.admit(email, origin, keys);
    const account = await findAccountByEmail(this.database, email);
    // Asked about every name and every password, so that neither shows in the time it takes.
    const [right, told] = await Promise.all([
      this.passwords.matches(password, account?.passwordHash ?? null),
      this.decisions.ask(email, origin),
    ]);
    const reason = refusalOf(account, right, isRefused(told, knownDevice));
    if (!account || reason !== undefined) {
      const outcome = reason === 'source_attacks' ? 'blocked' : 'failure';
      await this.attempts.note(email, origin, { outcome, factor: 'password', reason, assessmentId: told.assessmentId });
      throw new Refusal('wrong_credentials');
    }
    await renewPasswordHash(this.database, this.passwords, account, password);
    await Promise.all(
      (['source', 'accountAndSource'] as const).map((name) => this.limiter.giveBack(limits[name], keys[name])),
    );
    return this.advance(account, email, { origin, shared, told });
  }

  private async advance(account: Account, email: string, { origin, shared, told }: Circumstances): Promise<SignInStep> {
    // Trust spares the second factor, but never on a shared terminal.
    const trustedDevice = !shared && (await isTrustedDevice(this.database, account.id, origin.deviceToken));
    const { proved, reason } = heedDecision(told, { twoStep: isTwoStep(account), trustedDevice });
    const { assessmentId } = told;
    if (stillMissing(proved, account) !== 'nothing') {
      const signInToken = randomToken();
      const [id, tokenHash] = [randomUUID(), sha256(signInToken)];
      const asked = { id, tokenHash, personId: account.id, proofs: proved, shared, assessmentId: assessmentId ?? null };
      await this.database.transaction(async (tx) => {
        await requireUnchanged(tx, account);
        await insertSignIn(tx, asked);
      });
      await this.attempts.note(email, origin, {
        outcome: 'challenge',
        factor: 'password',
        reason: reason ?? 'factor_required',
        assessmentId,
      });
      return { state: 'factor_required', signInToken };
    }
    const session = await this.database.transaction((tx) => this.opening.open(tx, account, proved, origin, shared));
    await this.attempts.note(email, origin, {
      outcome: 'success',
      factor: 'password',
      reason,
      sessionId: session.sessionId,
      assessmentId,
    });
    return { state: 'opened', session };
  }

  /** @returns whether the person of this address signed in with this very device before */
  private async admit(email: string, origin: Origin, keys: Record<keyof typeof limits, string>): Promise<boolean> {
    try {
      await this.limiter.take(limits.source, keys.source);
      await this.limiter.take(limits.accountAndSource, keys.accountAndSource);
      const knownDevice = await knowsDevice(this.database, normaliseSubject(email), origin.deviceToken);
      if (!knownDevice && !(await this.signedInFromHere(email, origin)))
        await this.limiter.take(limits.account, keys.account);
      return knownDevice;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'too_many_tries')
        await this.attempts.note(email, origin, { outcome: 'blocked', factor: 'password', reason: 'too_many_tries' });
      throw error;
    }
  }

  /** Whether this account had a session from this very address in the last 30 days. */
  private async signedInFromHere(email: string, { ip }: Origin): Promise<boolean> {
    const [row] = await this.database.query<{ known: boolean }[]>(
      `SELECT EXISTS (SELECT FROM person_identifiers i JOIN sessions s ON s.person_id = i.person_id
         WHERE i.value = $1 AND i.kind = 'email' AND s.ip = $2::inet AND s.started_at > now() - interval '30 days') AS known`,
      [normaliseSubject(email), ip],
    );
    return row?.known ?? false;
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

/** Hashed, so that the table of limits is no list of who tried to sign in. */
function limitKeys(email: string, source: string): Record<keyof typeof limits, string> {
  const key = (text: string): string => sha256(text).toString('base64url');
  return { accountAndSource: key(`${email}\n${source}`), account: key(email), source: key(source) };
}
