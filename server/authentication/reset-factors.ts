import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { AppendAudit } from '../audit/append-audit.js';
import type { PersonFactors, ResetFactorsRequest } from '../contracts/factors.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { forgetTrust } from '../devices/forget-trust.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Revoke } from '../sessions/revoke.js';
import { challengeOf } from './challenge-next.js';
import { describeFactors } from './describe-factors.js';
import { type Account, findAccountById } from './find-account.js';
import type { Origin } from './open-session.js';
import { removeAuthenticators } from './store/authenticators.js';
import { lockFactors } from './store/lock-person.js';
import { personExists } from './store/read-account.js';
import { lockSignIns } from './store/sign-ins.js';

/** Shows somebody else's factors to staff, and takes them away for a person who is locked out. */
export class ResetFactors {
  constructor(
    private readonly database: DataSource,
    private readonly revocations: Revoke,
    private readonly notifications: NotifyPerson,
    private readonly audit: AppendAudit,
    private readonly now: () => number,
  ) {}

  /** @throws Refusal `not_found` */
  async read(personId: string): Promise<PersonFactors> {
    const factors = await describeFactors(this.database, await this.accountOf(personId));
    return { ...factors, challenge: await challengeOf(this.database, personId) };
  }

  /**
   * Removes every factor but the password and ends all sessions; the person signs in with the password and binds new ones. How the
   * administrator made sure who asks is kept in the audit log and told to the person (SP 800-63B-4 §4.2).
   * @throws Refusal `not_found`; `forbidden` for the own account, whose way is the page of its owner; `illegal_transition` with nothing bound
   */
  async reset(
    caller: PersonCaller,
    personId: string,
    { identityCheck, note }: ResetFactorsRequest,
    origin: Origin,
  ): Promise<PersonFactors> {
    if (caller.personId === personId) throw new Refusal('forbidden');
    await this.accountOf(personId);
    await this.database.transaction(async (tx) => {
      // In the order in which a sign-in with a second factor takes them.
      await lockSignIns(tx, personId);
      await lockFactors(tx, personId);
      const removed = await removeAuthenticators(tx, personId, null);
      if (removed.length === 0) throw new Refusal('illegal_transition');
      await this.revocations.revokeWithin(tx, {
        select: { personId },
        by: actorOf(caller),
        endReason: 'revoked_by_staff',
        reason: 'Second factors were reset',
        ip: origin.ip,
      });
      // After the sessions, whose devices nobody can trust any more.
      await forgetTrust(tx, personId);
      await this.audit.append(tx, {
        actor: actorOf(caller),
        action: 'factors.reset',
        target: { kind: 'person', id: personId },
        detail: {
          before: { factors: [...new Set(removed.map(({ kind }) => kind))].join(', ') },
          after: { factors: '' },
          identityCheck,
          note,
        },
        ip: origin.ip,
      });
      await this.notifications.notify(tx, personId, {
        kind: 'factors_reset',
        // From where an administrator works is nothing to tell everybody whose factors are reset.
        payload: {
          circumstances: { ...circumstancesOf(origin, this.now()), ip: null, client: null },
          by: caller.name,
          identityCheck,
          note,
        },
        dedupKey: `factors.reset:${randomUUID()}`,
      });
    });
    return this.read(personId);
  }

  private async accountOf(personId: string): Promise<Account> {
    if (!(await personExists(this.database, personId))) throw new Refusal('not_found');
    return findAccountById(this.database, personId);
  }
}
