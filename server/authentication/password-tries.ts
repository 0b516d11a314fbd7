import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import type { Limit, Limits } from '../platform/limits.js';

/** Nobody comes back to a row of wrong tries after so long; in seconds. */
const YEAR_SECONDS = 365 * 86_400;

/**
 * SP 800-63B-4 §3.2.2: after 100 wrong ones in a row a password is dead, however slowly they are tried. What strangers try is counted
 * apart from each device and session of the owner's, as they must not lock the owner out there.
 */
const FROM_STRANGERS: Limit = { name: 'password:strangers', points: 75, seconds: YEAR_SECONDS, blockSeconds: 0 };
const WHERE_KNOWN: Limit = { name: 'password:known', points: 25, seconds: YEAR_SECONDS, blockSeconds: 0 };

/** A password, and where it is tried. A new password is counted anew. */
export type PasswordTry = {
  /** Whose: the address that was typed, normalised, or the id of the person in a session. */
  of: string;
  changedAt: Date | null;
  /** The token of a known device, or the id of a session; undefined for strangers. */
  at: string | undefined;
};

/** Counts wrong passwords in a row, for people who don't exist too. */
export class PasswordTries {
  constructor(private readonly limiter: Limits) {}

  /** Counts a try before it is looked at. @throws Refusal `password_locked` */
  async count(one: PasswordTry): Promise<void> {
    try {
      await this.limiter.take(one.at === undefined ? FROM_STRANGERS : WHERE_KNOWN, keyOf(one));
    } catch (error) {
      if (error instanceof Refusal && error.code === 'too_many_tries') throw new Refusal('password_locked');
      throw error;
    }
  }

  /** It was right: the row is over, there and for strangers. */
  async forget(one: PasswordTry): Promise<void> {
    if (one.at !== undefined) await this.limiter.forget(WHERE_KNOWN, keyOf(one));
    await this.limiter.forget(FROM_STRANGERS, keyOf({ ...one, at: undefined }));
  }
}

/** Hashed, so that the table of limits is no list of who tried to sign in. */
const keyOf = ({ of, changedAt, at }: PasswordTry): string =>
  sha256([of, changedAt?.getTime() ?? '', at ?? ''].join('\n')).toString('base64url');
