import type { DataSource } from 'typeorm';
import { type NewPerson, type PeopleResult, type PersonChange, type Role, staffRoles } from '../contracts/people.js';
import { Refusal } from '../platform/errors.js';
import type { CallerIdentity } from '../platform/http/access.js';
import { normaliseSubject } from '../platform/subject.js';
import type { CarryOutChanges, ChangeOrigin } from './carry-out-changes.js';
import { lockPerson } from './lock-person.js';
import { namedBy, planChanges, requireAllPossible, toWanted } from './plan-changes.js';

const isStaff = (role: Role): boolean => (staffRoles as readonly Role[]).includes(role);

/** Saves people on behalf of a caller. */
export class SavePeople {
  constructor(
    private readonly database: DataSource,
    private readonly changes: CarryOutChanges,
  ) {}

  /**
   * Creates people, or updates those whose e-mail is known, all or none. A key may report who works here, but never make somebody
   * staff: that takes an administrator.
   * @throws Refusal `forbidden`, `already_exists`, `invalid_request`, `last_admin`
   */
  async save(caller: CallerIdentity, people: readonly NewPerson[], origin: ChangeOrigin): Promise<PeopleResult> {
    const byKey = caller.kind === 'key';
    if (byKey && people.some((person) => isStaff(person.role)))
      throw new Refusal('forbidden', { detail: 'An application key may only name users and managers.' });
    const rules = { simulated: byKey && caller.applicationKind === 'simulated', sparesStaff: byKey };
    return this.database.transaction(async (tx) => {
      const plan = await planChanges(tx, people.map(toWanted), rules);
      requireAllPossible(plan, (index) => `${index}.`);
      await this.changes.carryOut(tx, plan, origin);
      const created = plan.filter(({ kind }) => kind === 'added').length;
      return { created, updated: plan.length - created };
    });
  }

  /**
   * Changes one person.
   * @throws Refusal `not_found`, `already_exists`, `invalid_request`, `last_admin`
   */
  async change(id: string, change: PersonChange, origin: ChangeOrigin): Promise<void> {
    await this.database.transaction(async (tx) => {
      const person = await lockPerson(tx, id);
      const { managerEmail, username, email = person.email, ...fields } = change;
      const managerKey = typeof managerEmail === 'string' ? normaliseSubject(managerEmail) : managerEmail;
      const wanted = { id, email, emailKey: normaliseSubject(email), ...fields, ...namedBy(username), managerKey };
      const plan = await planChanges(tx, [wanted], { simulated: person.simulated, sparesStaff: false });
      requireAllPossible(plan, () => '');
      await this.changes.carryOut(tx, plan, origin);
    });
  }
}
