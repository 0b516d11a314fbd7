import type { DataSource, EntityManager } from 'typeorm';
import type { AppendAudit } from '../audit/append-audit.js';
import { withdrawLinks } from '../authentication/account-links.js';
import type { InvitationsResult, NewPerson } from '../contracts/people.js';
import { Refusal } from '../platform/errors.js';
import { normaliseSubject } from '../platform/subject.js';
import type { CarryOutChanges, ChangeOrigin } from './carry-out-changes.js';
import { lockInvitable, lockPerson } from './lock-person.js';
import { planChanges, requireAllPossible, toWanted } from './plan-changes.js';
import type { SendInvitation } from './send-invitation.js';
import type { PersonRow } from './store/people.js';

/** How many people one transaction invites. */
const AT_ONCE = 50;

/** Lets people in by a mailed link with which they choose a password, once. */
export class InvitePerson {
  constructor(
    private readonly database: DataSource,
    private readonly changes: CarryOutChanges,
    private readonly invitations: SendInvitation,
    private readonly audit: AppendAudit,
  ) {}

  /**
   * Adds somebody new and invites them, both or neither.
   * @returns the person's id
   * @throws Refusal `already_exists`, `invalid_request`
   */
  async add(person: NewPerson, origin: ChangeOrigin): Promise<string> {
    return this.database.transaction(async (tx) => {
      const plan = await planChanges(tx, [toWanted(person)], { simulated: false, sparesStaff: false });
      requireAllPossible(plan, () => '');
      const [change] = plan;
      if (change?.kind !== 'added') {
        const message = `${person.email} belongs to somebody already.`;
        throw new Refusal('already_exists', { detail: message, errors: [{ path: 'email', message }] });
      }
      await this.changes.carryOut(tx, plan, origin);
      await this.send(tx, await lockPerson(tx, change.id), origin);
      return change.id;
    });
  }

  /** Invites, or invites again: only the newest link works. @throws Refusal `not_found`, `illegal_transition` */
  async invite(id: string, origin: ChangeOrigin): Promise<void> {
    await this.database.transaction(async (tx) => this.send(tx, await lockPerson(tx, id), origin));
  }

  /**
   * Invites everybody of these addresses who neither can sign in nor has a link that works; done twice it mails nobody twice. A few at a
   * time, as changes of people and the audit log stand still meanwhile.
   */
  async inviteAll(emails: readonly string[], origin: ChangeOrigin): Promise<InvitationsResult> {
    const keys = [...new Set(emails.map(normaliseSubject))];
    let invited = 0;
    for (let from = 0; from < keys.length; from += AT_ONCE)
      invited += await this.database.transaction(async (tx) => {
        const people = await lockInvitable(tx, keys.slice(from, from + AT_ONCE));
        for (const person of people) await this.send(tx, person, origin);
        return people.length;
      });
    return { invited, left: keys.length - invited };
  }

  /** Makes the link worthless; once more changes nothing. @throws Refusal `not_found` */
  async withdraw(id: string, { by, ip }: ChangeOrigin): Promise<void> {
    await this.database.transaction(async (tx) => {
      const { name, email } = await lockPerson(tx, id);
      if ((await withdrawLinks(tx, id, ['invitation'])) === 0) return;
      const detail = { name, before: { invited: email }, after: { invited: null } };
      const target = { kind: 'person', id };
      await this.audit.append(tx, { actor: by, action: 'person.invitation_withdrawn', target, detail, ip });
    });
  }

  private async send(tx: EntityManager, person: PersonRow, origin: ChangeOrigin): Promise<void> {
    const obstacle = obstacleOf(person);
    if (obstacle !== undefined) throw new Refusal('illegal_transition', { detail: obstacle });
    await this.invitations.send(tx, person, origin);
  }
}

function obstacleOf({ name, simulated, disabled, hasPassword }: PersonRow): string | undefined {
  if (simulated) return `${name} is part of the simulated company.`;
  if (disabled) return `The account of ${name} is disabled.`;
  return hasPassword ? `${name} has a password already.` : undefined;
}
