import type { DataSource, EntityManager } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { RecoveryLinkView } from '../contracts/recovery.js';
import { addressOf } from '../platform/address.js';
import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller, SignInCaller } from '../platform/http/access.js';
import type { Limit, Limits } from '../platform/limits.js';
import { claimLink, lookAtLink, withdrawLinks } from './account-links.js';
import { toRecoveryView } from './describe-recovery.js';
import { coveredAddress } from './domain/covered-address.js';
import { endsRecovery } from './domain/recovery.js';
import type { Proof } from './domain/assurance.js';
import { type Account, findAccountById } from './find-account.js';
import type { NoteRecovery, RecoveryStop } from './note-recovery.js';
import { endRecovery, readRecovery } from './store/recoveries.js';

/** The link at the end of the wait cancels too: who gets it unasked must be able to stop it. */
const purposes = ['cancel_recovery', 'recover_account'] as const;
/** Links that one source may look at or use. */
const LINKS: Limit = { name: 'recovery:link', points: 60, seconds: 900, blockSeconds: 900 };

/** Stops a recovery: from the mail, from the sign-in that asked for it, by its owner, by staff, or because a factor isn't lost. */
export class CancelRecovery {
  constructor(
    private readonly database: DataSource,
    private readonly limiter: Limits,
    private readonly notes: NoteRecovery,
  ) {}

  /** What a mailed link is for; uses nothing up. @throws Refusal `link_invalid`, `too_many_tries` */
  async look(token: string, ip: string): Promise<RecoveryLinkView> {
    await this.limiter.take(LINKS, sha256(addressOf(ip).addressKey).toString('base64url'));
    const { personId, purpose } = await lookAtLink(this.database, token, purposes);
    const open = await readRecovery(this.database, personId);
    if (!open || purpose === 'reset_password' || purpose === 'invitation' || purpose === 'confirm_address')
      throw new Refusal('link_invalid');
    const { email } = await findAccountById(this.database, personId);
    return { purpose, email: coveredAddress(email), recovery: toRecoveryView(open) };
  }

  /** Works signed out. @throws Refusal `link_invalid`, also for all but one of those who use it at once; `too_many_tries` */
  async byLink(token: string, ip: string): Promise<void> {
    await this.limiter.take(LINKS, sha256(addressOf(ip).addressKey).toString('base64url'));
    await this.database.transaction(async (tx) => {
      const { personId } = await lookAtLink(tx, token, purposes);
      const { name } = await findAccountById(tx, personId);
      const actor = { kind: 'person', id: personId, name } as const;
      // The recovery before its links, as completing takes them: whoever ends it has them all to itself.
      const ended = await endRecovery(tx, personId, 'cancelled');
      if (!ended) throw new Refusal('link_invalid');
      await claimLink(tx, token, purposes);
      await withdrawLinks(tx, personId, purposes);
      const how = 'It was cancelled by a link in a message about it.';
      await this.notes.stopped(tx, ended, { actor, how, ip, settles: true });
    });
  }

  /** @throws Refusal `not_found` when none is open */
  async bySignIn({ personId }: SignInCaller, ip: string): Promise<void> {
    const { name } = await findAccountById(this.database, personId);
    const actor = { kind: 'person', id: personId, name } as const;
    const how = 'It was cancelled on the sign-in page, with the password.';
    // Whoever could start it could do that: a stranger with the password must not take the alert away again.
    await this.stop(personId, { actor, how, ip, settles: false });
  }

  /** By its owner in a session, or by an administrator. @throws Refusal `not_found` when none is open */
  async byPerson(caller: PersonCaller, personId: string): Promise<void> {
    const how =
      caller.personId === personId
        ? 'It was cancelled by the owner of the account, signed in.'
        : `It was cancelled by ${caller.name}.`;
    await this.stop(personId, { actor: actorOf(caller), how, ip: caller.ip, settles: true });
  }

  /** Whoever shows a second factor hasn't lost them all. */
  async whenProved(tx: EntityManager, account: Account, proved: readonly Proof[], ip: string | null): Promise<void> {
    if (!endsRecovery(proved)) return;
    const actor = { kind: 'person', id: account.id, name: account.name } as const;
    await this.within(tx, account.id, {
      actor,
      how: 'A second factor of the account was used, so none is needed.',
      ip,
      settles: true,
    });
  }

  /** @returns whether there was one */
  async within(tx: EntityManager, personId: string, stop: RecoveryStop): Promise<boolean> {
    const ended = await endRecovery(tx, personId, 'cancelled');
    if (!ended) return false;
    await withdrawLinks(tx, personId, purposes);
    await this.notes.stopped(tx, ended, stop);
    return true;
  }

  private stop(personId: string, stop: RecoveryStop): Promise<void> {
    return this.database.transaction(async (tx) => {
      if (!(await this.within(tx, personId, stop))) throw new Refusal('not_found');
    });
  }
}
