import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import type { FactorAnswer, SentCode, SentFactor } from '../contracts/factors.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { Refusal } from '../platform/errors.js';
import type { Place, Seal } from '../platform/seal.js';
import type { Account } from './find-account.js';
import type { Proof } from './domain/assurance.js';
import { isMailedOnly, usableFactors } from './domain/required-factors.js';
import { delays, FAILURES_MAX } from './domain/throttle.js';
import type { HashPassword } from './hash-password.js';
import type { Passkeys } from './passkeys.js';
import type { Origin } from './open-session.js';
import type { SendCode } from './send-code.js';
import {
  type AuthenticatorRow,
  type CountedTry,
  countTry,
  listAuthenticators,
  markUsed,
  spendStep,
  unboundMail,
} from './store/authenticators.js';
import { readBackupCodes, spendBackupCode } from './store/backup-codes.js';
import { spendSentCode } from './store/sent-codes.js';
import { stepOf } from './totp.js';

/** A right answer that isn't used up yet. */
export type CheckedFactor = {
  proof: Proof;
  /** Uses the answer up, in the transaction of what it is for. @returns false when somebody else was faster: then it counts for nothing */
  spend: (tx: EntityManager) => Promise<boolean>;
};

/** A step of a sign-in, or a session: there it is known who answers. */
export type StepOwner = { purpose: 'confirm'; id: string };

/** How many backup codes are left when their owner is told so. */
const LOW_AT: readonly number[] = [3, 0];

/** Where the key of an authenticator app lies. */
export const totpSecretPlace = (personId: string): Place => ({
  table: 'authenticators',
  column: 'secret',
  owner: personId,
  purpose: 'totp',
});

/** Where the number of a phone lies. */
export const numberPlace = (personId: string): Place => ({ ...totpSecretPlace(personId), purpose: 'sms' });

/** Checks second factors. Every try at a code is counted before it is looked at. */
export class CheckFactor {
  constructor(
    private readonly database: DataSource,
    private readonly seal: Seal,
    private readonly hashing: HashPassword,
    private readonly passkeys: Passkeys,
    private readonly notifications: NotifyPerson,
    private readonly codes: SendCode,
  ) {}

  /**
   * @param owner the sign-in or session that asks; an answer to a challenge of another one doesn't count
   * @throws Refusal `wrong_code`, `passkey_failed`, `too_many_tries` with the seconds to wait, `factor_locked`
   */
  async check(account: Account, answer: FactorAnswer, owner: StepOwner): Promise<CheckedFactor> {
    if (!usableFactors(account).includes(answer.factor)) throw new Refusal('wrong_code');
    if (answer.factor === 'passkey') return this.passkeys.check(answer.response, owner, account.id);
    const kind = answer.factor === 'backup_code' ? 'backup_codes' : answer.factor;
    const own = await listAuthenticators(this.database, account.id);
    const counts = kind === 'backup_codes' || (kind === 'email' && isMailedOnly(account));
    const bound = own.find((one) => one.kind === kind && (one.confirmedAt !== null || counts));
    if (!bound) throw new Refusal('wrong_code');
    if (answer.factor === 'totp') return this.checkTotp(bound, account.id, answer.code);
    return answer.factor === 'backup_code'
      ? this.checkBackupCode(bound, account.id, answer.code)
      : this.checkSentCode({ id: bound.id, factor: answer.factor }, owner.id, answer.code);
  }

  /** Checks a code of an authenticator app, also of one that is still being set up. */
  async checkTotp({ id }: Pick<AuthenticatorRow, 'id'>, personId: string, code: string): Promise<CheckedFactor> {
    const { secret, epoch } = await this.count(id);
    if (secret === null) throw new Error(`The authenticator ${id} has no key.`);
    const step = stepOf(this.seal.open(secret, totpSecretPlace(personId)), code, epoch);
    if (step === undefined) throw new Refusal('wrong_code');
    return { proof: 'totp', spend: (tx) => spendStep(tx, id, step) };
  }

  /** Sends a code where the account takes them that way. @throws Refusal `wrong_code`, and as {@link SendCode.send} */
  async sendCode(account: Account, factor: SentFactor, boundTo: string, origin: Origin): Promise<SentCode> {
    if (factor === 'email' && isMailedOnly(account)) {
      const id = await unboundMail(this.database, randomUUID(), account.id);
      return this.codes.send({ personId: account.id, factor, to: account.email }, id, boundTo, origin);
    }
    const own = usableFactors(account).includes(factor) ? await listAuthenticators(this.database, account.id) : [];
    const bound = own.find(({ kind, confirmedAt }) => kind === factor && confirmedAt !== null);
    if (!bound) throw new Refusal('wrong_code');
    const to = factor === 'email' ? account.email : this.seal.open(bound.secret ?? '', numberPlace(account.id));
    return this.codes.send({ personId: account.id, factor, to }, bound.id, boundTo, origin);
  }

  /** Checks a code that was sent for this sign-in or session, also of a factor that is still being set up. */
  async checkSentCode(
    { id, factor }: { id: string; factor: SentFactor },
    boundTo: string,
    code: string,
  ): Promise<CheckedFactor> {
    await this.count(id);
    const sent = await this.codes.match(id, boundTo, code);
    if (sent === undefined) throw new Refusal('wrong_code');
    return { proof: factor, spend: async (tx) => (await spendSentCode(tx, sent)) && (await markUsed(tx, id)) };
  }

  private async checkBackupCode({ id }: AuthenticatorRow, personId: string, code: string): Promise<CheckedFactor> {
    const { salt, pepperId } = await this.count(id);
    if (salt === null || pepperId === null) throw new Error(`The backup codes ${id} have no salt.`);
    const hash = await this.hashing.digest(code, salt, pepperId);
    return {
      proof: 'backup_code',
      spend: async (tx) => {
        if (!(await spendBackupCode(tx, id, hash)) || !(await markUsed(tx, id))) return false;
        await this.warnWhenLow(tx, personId, id);
        return true;
      },
    };
  }

  /** Counted after the row of the set was written, and so after every other use of it that was faster. */
  private async warnWhenLow(tx: EntityManager, personId: string, id: string): Promise<void> {
    const { left } = await readBackupCodes(tx, id);
    if (!LOW_AT.includes(left)) return;
    const dedupKey = `backup_codes_low:${id}:${left}`;
    await this.notifications.notify(tx, personId, { kind: 'backup_codes_low', payload: { left }, dedupKey });
  }

  private async count(id: string): Promise<CountedTry> {
    const counted = await countTry(this.database, id, delays);
    if ('epoch' in counted) return counted;
    if (counted.failures >= FAILURES_MAX) throw new Refusal('factor_locked');
    throw new Refusal('too_many_tries', { retryAfter: counted.retryAfter });
  }
}
