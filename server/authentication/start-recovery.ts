import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { RecoveryOffer } from '../contracts/recovery.js';
import { Refusal } from '../platform/errors.js';
import type { SignInCaller } from '../platform/http/access.js';
import type { Limit, Limits } from '../platform/limits.js';
import { recoveryOffer } from './describe-recovery.js';
import { recoveryCourse } from './domain/recovery.js';
import { isTwoStep } from './domain/required-factors.js';
import { findAccountById } from './find-account.js';
import type { NoteRecovery } from './note-recovery.js';
import type { Origin } from './open-session.js';
import { lockPerson } from './store/lock-person.js';
import { allAddressesOf, insertRecovery, readRecoveryTerms } from './store/recoveries.js';
import { claimSignIn } from './store/sign-ins.js';

/** Each one mails every address of the person, the manager and security. */
const STARTING: Limit = { name: 'recovery:start', points: 3, seconds: 86_400, blockSeconds: 86_400 };

/** Begins the wait at whose end somebody gets back in who has lost every second factor. */
export class StartRecovery {
  constructor(
    private readonly database: DataSource,
    private readonly limiter: Limits,
    private readonly notes: NoteRecovery,
  ) {}

  /**
   * Asking again while one is open changes nothing.
   * @throws Refusal `recovery_not_allowed` where the organisation allows none, and where the mailbox would be all that it asks for;
   *   `sign_in_expired`, `too_many_tries`
   */
  async start({ signInId, personId }: SignInCaller, origin: Origin): Promise<RecoveryOffer> {
    const offer = await recoveryOffer(this.database, personId);
    if (offer.open) return offer;
    await this.limiter.take(STARTING, personId);
    await this.database.transaction(async (tx) => {
      const claimed = await claimSignIn(tx, signInId);
      await lockPerson(tx, personId);
      const account = await findAccountById(tx, personId);
      if (!claimed || account.disabled) throw new Refusal('sign_in_expired');
      const { hours, passwordIsMailed } = await readRecoveryTerms(tx, personId);
      if (hours === null || !isTwoStep(account)) throw new Refusal('recovery_not_allowed');
      if (passwordIsMailed)
        throw new Refusal('recovery_not_allowed', {
          detail: 'Your password was set by a mailed link. Mail alone is not enough to recover an account.',
        });
      const addresses = await allAddressesOf(tx, personId);
      const begun = await insertRecovery(tx, { id: randomUUID(), personId, addresses, ...recoveryCourse(hours) });
      if (begun) await this.notes.started(tx, account, begun, origin);
    });
    return recoveryOffer(this.database, personId);
  }
}
