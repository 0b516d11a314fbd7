import type { DataSource } from 'typeorm';
import type { FactorsView, TurnOffRequest } from '../contracts/factors.js';
import { forgetTrust } from '../devices/forget-trust.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { CheckAssurance } from './check-assurance.js';
import type { CheckFactor } from './check-factor.js';
import type { DemandLongerPassword } from './demand-longer-password.js';
import { describeFactors } from './describe-factors.js';
import { hasEnough, isTwoStep } from './domain/required-factors.js';
import { type Account, findAccountById } from './find-account.js';
import type { NoteFactorChange } from './note-factor-change.js';
import type { Origin } from './open-session.js';
import type { StepUp } from './step-up.js';
import { changeAuthenticator, removeAuthenticators } from './store/authenticators.js';
import { lockFactors } from './store/lock-person.js';

/** Shows, renames and removes what a person has bound. */
export class ManageFactors {
  constructor(
    private readonly database: DataSource,
    private readonly factors: CheckFactor,
    private readonly assurance: CheckAssurance,
    private readonly stepUp: StepUp,
    private readonly changes: NoteFactorChange,
    private readonly demands: DemandLongerPassword,
  ) {}

  async read(personId: string): Promise<FactorsView> {
    return describeFactors(this.database, await findAccountById(this.database, personId));
  }

  /** @throws Refusal `not_found` */
  async change(
    caller: PersonCaller,
    id: string,
    change: { name?: string | undefined; preferred?: true | undefined },
    origin: Origin,
  ): Promise<void> {
    await this.database.transaction(async (tx) => {
      await lockFactors(tx, caller.personId);
      if (!(await changeAuthenticator(tx, caller.personId, id, change))) throw new Refusal('not_found');
      await this.changes.note(tx, caller, { action: 'factor.changed', ...change }, origin);
    });
  }

  /**
   * Removes one authenticator; with the last one the backup codes go too.
   * @throws Refusal `not_found`; `required_by_policy` for the last one that fulfils the rules where two-step sign-in is required
   */
  async remove(caller: PersonCaller, id: string, origin: Origin): Promise<void> {
    await this.database.transaction(async (tx) => {
      await lockFactors(tx, caller.personId);
      const before = await findAccountById(tx, caller.personId);
      const [removed] = await removeAuthenticators(tx, caller.personId, [id]);
      if (!removed || removed.kind === 'backup_codes') throw new Refusal('not_found');
      const account = await findAccountById(tx, caller.personId);
      if (!isTwoStep(account) || (hasEnough(before) && !hasEnough(account))) refuseWhereRequired(account);
      if (!isTwoStep(account)) {
        await removeAuthenticators(tx, caller.personId, null);
        await forgetTrust(tx, caller.personId);
      }
      await this.demands.where(tx, account, origin.ip);
      await this.changes.note(
        tx,
        caller,
        { action: 'factor.removed', factor: removed.kind, name: removed.name },
        origin,
      );
    });
  }

  /**
   * Removes every factor but the password. A code shows the device by itself; the password is asked on top of a fresh proof.
   * @throws Refusal `required_by_policy`, `step_up_required`, `wrong_code`, `wrong_credentials`, `too_many_tries`
   */
  async turnOff(caller: PersonCaller, confirmation: TurnOffRequest, origin: Origin): Promise<void> {
    const account = await findAccountById(this.database, caller.personId);
    refuseWhereRequired(account);
    const checked = await this.confirm(caller, account, confirmation);
    await this.database.transaction(async (tx) => {
      await lockFactors(tx, caller.personId);
      if (!(await checked.spend(tx))) throw new Refusal('wrong_code');
      const removed = await removeAuthenticators(tx, caller.personId, null);
      await forgetTrust(tx, caller.personId);
      await this.demands.where(tx, await findAccountById(tx, caller.personId), origin.ip);
      const factors = [...new Set(removed.map(({ kind }) => kind))].join(', ');
      await this.changes.note(tx, caller, { action: 'two_step.turned_off', factors }, origin);
    });
  }

  private async confirm(
    caller: PersonCaller,
    account: Account,
    confirmation: TurnOffRequest,
  ): ReturnType<CheckFactor['check']> {
    if ('code' in confirmation)
      return this.factors.check(
        account,
        { factor: 'totp', code: confirmation.code },
        { purpose: 'confirm', id: caller.sessionId },
      );
    await this.assurance.requireFresh(caller);
    return this.stepUp.checkPassword(account, confirmation.password, caller.sessionId);
  }
}

function refuseWhereRequired(account: Account): void {
  if (account.requiredFrom === null) return;
  const detail =
    'Codes by e-mail and SMS are not enough under its rules. Add another app or passkey before you remove this one.';
  throw new Refusal('required_by_policy', isTwoStep(account) && account.rules.strict ? { detail } : {});
}
