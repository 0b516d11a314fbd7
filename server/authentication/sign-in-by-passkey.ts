import type { DataSource } from 'typeorm';
import type { CredentialResponse } from '../contracts/factors.js';
import { isKnownDevice } from '../devices/recognise-device.js';
import { addressOf } from '../platform/address.js';
import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import type { Limit, Limits } from '../platform/limits.js';
import { findAccountById } from './find-account.js';
import type { NoteAttempt } from './note-attempt.js';
import type { OpenedSession, OpenSession, Origin } from './open-session.js';
import type { Passkeys } from './passkeys.js';

/** Challenges for one address or known device: each takes a row for five minutes. */
const CHALLENGES: Limit = { name: 'sign-in:challenge', points: 120, seconds: 900, blockSeconds: 60 };

/** Signs in with a passkey alone: it says who it is, and the device has checked the person. */
export class SignInByPasskey {
  constructor(
    private readonly database: DataSource,
    private readonly passkeys: Passkeys,
    private readonly limiter: Limits,
    private readonly attempts: NoteAttempt,
    private readonly opening: OpenSession,
  ) {}

  /** The same for everyone. @throws Refusal `too_many_tries` */
  async options(origin: Origin): Promise<{ challenge: string }> {
    await this.limiter.take(CHALLENGES, sha256(await this.askerOf(origin)).toString('base64url'));
    return this.passkeys.authenticationOptions({ purpose: 'sign_in', id: null }, null);
  }

  /** A known device counts by itself: what others ask from the same network must not keep it out. */
  private async askerOf({ ip, deviceToken }: Origin): Promise<string> {
    const isKnown = deviceToken !== undefined && (await isKnownDevice(this.database, deviceToken));
    return isKnown ? deviceToken : addressOf(ip).addressKey;
  }

  /** @throws Refusal `passkey_failed` for an unknown passkey, a wrong answer and a disabled account alike */
  async signIn(response: CredentialResponse, origin: Origin, shared: boolean): Promise<OpenedSession> {
    const checked = await this.passkeys.check(response, { purpose: 'sign_in', id: null }, null);
    const account = await findAccountById(this.database, checked.personId);
    if (account.disabled) {
      await this.attempts.note(account.email, origin, {
        outcome: 'failure',
        factor: 'passkey',
        reason: 'account_disabled',
      });
      throw new Refusal('passkey_failed');
    }
    const session = await this.database.transaction(async (tx) => {
      if (!(await checked.spend(tx))) throw new Refusal('passkey_failed');
      return this.opening.open(tx, account, [checked.proof], origin, shared);
    });
    await this.attempts.note(account.email, origin, {
      outcome: 'success',
      factor: 'passkey',
      sessionId: session.sessionId,
    });
    return session;
  }
}
