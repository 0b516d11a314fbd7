import { randomUUID } from 'node:crypto';
import type { DataSource, EntityManager } from 'typeorm';
import { actorOf } from '../audit/actor-of.js';
import type { CredentialResponse, NewNumber, SentCode, SentFactor, TotpSetUp } from '../contracts/factors.js';
import { forgetTrust } from '../devices/forget-trust.js';
import type { ReadOrganisation } from '../organisation/read-organisation.js';
import { Refusal } from '../platform/errors.js';
import type { PersonCaller } from '../platform/http/access.js';
import type { Seal } from '../platform/seal.js';
import type { Revoke } from '../sessions/revoke.js';
import type { BackupCodes, BackupCodeSet } from './backup-codes.js';
import { coveredNumber } from '../sms/covered-number.js';
import { type CheckFactor, numberPlace, totpSecretPlace } from './check-factor.js';
import type { Proof } from './domain/assurance.js';
import { hasSmsOnly, sufficientProof } from './domain/required-factors.js';
import { type Account, findAccountById } from './find-account.js';
import type { NoteFactorChange } from './note-factor-change.js';
import type { Origin } from './open-session.js';
import type { Passkeys } from './passkeys.js';
import type { SendCode } from './send-code.js';
import { raiseSession } from './raise-session.js';
import type { StepUp } from './step-up.js';
import {
  type AuthenticatorRow,
  confirmAuthenticator,
  insertAuthenticator,
  listAuthenticators,
  removeAuthenticators,
  renewNumber,
} from './store/authenticators.js';
import { lockFactors } from './store/lock-person.js';
import { insertPasskey, readPasskey } from './store/passkeys.js';
import { newTotpSecret, totpUri } from './totp.js';

/** A factor was bound: the session's new token, and with the first factor the backup codes. */
export type Bound = { token: string; backupCodes: string[] | null };

type Parts = {
  database: DataSource;
  seal: Seal;
  factors: CheckFactor;
  passkeys: Passkeys;
  sending: SendCode;
  codes: BackupCodes;
  installation: ReadOrganisation;
  changes: NoteFactorChange;
  stepUp: StepUp;
  revocations: Revoke;
  now: () => number;
};

/** Binds authenticator apps, passkeys, the mailbox and a phone number to an account. Nothing is on before it has proved that it works. */
export class BindFactors {
  constructor(private readonly parts: Parts) {}

  /**
   * Gives the key for an authenticator app. Asked again in the same session before it is confirmed it is the same, so that a reload
   * loses nothing. Another session gets another one: who waits in one with the password alone must not know the owner's key.
   */
  async beginTotp(caller: PersonCaller): Promise<TotpSetUp> {
    const { database, seal, installation } = this.parts;
    const place = totpSecretPlace(caller.personId);
    const { name } = await installation.read();
    return database.transaction(async (tx) => {
      await lockFactors(tx, caller.personId);
      const begun = await this.pending(tx, caller.personId, 'totp');
      const pending = begun?.begunIn === caller.sessionId ? begun : undefined;
      if (begun && !pending) await removeAuthenticators(tx, caller.personId, [begun.id]);
      const secret = pending?.secret ? seal.open(pending.secret, place) : newTotpSecret();
      const id = pending?.id ?? randomUUID();
      if (!pending)
        await insertAuthenticator(tx, {
          id,
          personId: caller.personId,
          kind: 'totp',
          name: 'Authenticator app',
          secret: seal.close(secret, place),
          begunIn: caller.sessionId,
        });
      return { id, secret, uri: totpUri(secret, caller.email, name) };
    });
  }

  /**
   * Turns the app on with a code of it, which is used up by this.
   * @throws Refusal `illegal_transition` when none is being set up; `wrong_code`, `too_many_tries`
   */
  async confirmTotp(caller: PersonCaller, code: string, origin: Origin): Promise<Bound> {
    const { database, factors } = this.parts;
    const pending = await this.pending(database, caller.personId, 'totp');
    if (pending?.begunIn !== caller.sessionId) throw new Refusal('illegal_transition');
    const checked = await factors.checkTotp(pending, caller.personId, code);
    return this.bind(caller, { name: pending.name, kind: 'totp', proof: 'totp' }, origin, async (tx) => {
      if (!(await checked.spend(tx)) || !(await confirmAuthenticator(tx, pending.id))) throw new Refusal('wrong_code');
    });
  }

  /**
   * Sends a first code to the person's address, which proves that the mail arrives.
   * @throws Refusal `factor_not_allowed`, `already_exists`, `too_many_tries`
   */
  async beginEmail(caller: PersonCaller, origin: Origin): Promise<SentCode> {
    const { database, sending } = this.parts;
    const account = await findAccountById(database, caller.personId);
    if (account.rules.strict) throw new Refusal('factor_not_allowed');
    if (account.bound.includes('email')) throw new Refusal('already_exists');
    const id = await database.transaction(async (tx) => {
      await lockFactors(tx, caller.personId);
      const pending = await this.pending(tx, caller.personId, 'email');
      const fresh = { id: randomUUID(), personId: caller.personId, kind: 'email', name: 'Codes by e-mail' } as const;
      if (!pending) await insertAuthenticator(tx, fresh);
      return pending?.id ?? fresh.id;
    });
    const to = { personId: caller.personId, factor: 'email', to: account.email } as const;
    return sending.send(to, id, caller.sessionId, origin);
  }

  /**
   * Sends a first code to a phone, which proves that it is at hand. A number that is bound already stays until the new one has proved itself.
   * Where it is the only second factor the password is asked for on top of it: whoever holds the phone alone must not move it.
   * @throws Refusal `factor_not_allowed`, `wrong_password`, `sms_unavailable`, `number_not_allowed`, `too_many_messages`, `too_many_tries`
   */
  async beginSms(caller: PersonCaller, { number, password }: NewNumber, origin: Origin): Promise<SentCode> {
    const { database, seal, sending } = this.parts;
    const account = await findAccountById(database, caller.personId);
    if (account.rules.strict) throw new Refusal('factor_not_allowed');
    if (hasSmsOnly(account)) await this.requirePassword(caller, account, password);
    const phone = { name: coveredNumber(number), secret: seal.close(number, numberPlace(caller.personId)) };
    const id = await database.transaction(async (tx) => {
      await lockFactors(tx, caller.personId);
      const pending = await this.pending(tx, caller.personId, 'sms');
      const fresh = randomUUID();
      if (pending) await renewNumber(tx, pending.id, phone);
      else await insertAuthenticator(tx, { id: fresh, personId: caller.personId, kind: 'sms', ...phone });
      return pending?.id ?? fresh;
    });
    return sending.send({ personId: caller.personId, factor: 'sms', to: number }, id, caller.sessionId, origin);
  }

  private async requirePassword(caller: PersonCaller, account: Account, password: string | undefined): Promise<void> {
    if (password === undefined) throw new Refusal('wrong_password');
    await this.parts.stepUp.checkPassword(account, password, caller.sessionId);
  }

  /** Turns codes by e-mail or SMS on with the first one. @throws Refusal `illegal_transition`; `wrong_code`, `too_many_tries` */
  async confirmSent(caller: PersonCaller, factor: SentFactor, code: string, origin: Origin): Promise<Bound> {
    const { database, factors, changes } = this.parts;
    const pending = await this.pending(database, caller.personId, factor);
    if (!pending) throw new Refusal('illegal_transition');
    const checked = await factors.checkSentCode({ id: pending.id, factor }, caller.sessionId, code);
    return this.bind(caller, { name: pending.name, kind: factor, proof: factor }, origin, async (tx) => {
      const own = await listAuthenticators(tx, caller.personId);
      const former = own.find(({ kind, confirmedAt }) => kind === factor && confirmedAt !== null);
      if (!(await checked.spend(tx)) || !(await confirmAuthenticator(tx, pending.id))) throw new Refusal('wrong_code');
      if (former) await changes.note(tx, caller, { action: 'factor.removed', factor, name: former.name }, origin);
    });
  }

  passkeyOptions(caller: PersonCaller): Promise<{ challenge: string }> {
    return this.parts.passkeys.registrationOptions(
      { id: caller.personId, name: caller.name, email: caller.email },
      caller.sessionId,
    );
  }

  /** @throws Refusal `passkey_failed`; `already_exists` when the passkey is bound already */
  async addPasskey(caller: PersonCaller, name: string, response: CredentialResponse, origin: Origin): Promise<Bound> {
    const credential = await this.parts.passkeys.checkRegistration(response, caller.sessionId);
    const id = randomUUID();
    return this.bind(caller, { name, kind: 'passkey', proof: 'passkey' }, origin, async (tx) => {
      if (await readPasskey(tx, credential.credentialId)) throw new Refusal('already_exists');
      await insertAuthenticator(tx, { id, personId: caller.personId, kind: 'passkey', name, confirmed: true });
      await insertPasskey(tx, { authenticatorId: id, ...credential });
    });
  }

  private async bind(
    caller: PersonCaller,
    added: { name: string; kind: AuthenticatorRow['kind']; proof: Proof },
    origin: Origin,
    write: (tx: EntityManager) => Promise<void>,
  ): Promise<Bound> {
    const { database, codes, changes, now } = this.parts;
    const made = await this.codesIfNone(caller.personId);
    const token = await database.transaction(async (tx) => {
      await lockFactors(tx, caller.personId);
      const before = await findAccountById(tx, caller.personId);
      await write(tx);
      if (made) await codes.replace(tx, caller.personId, made);
      await changes.note(tx, caller, { action: 'factor.added', factor: added.kind, name: added.name }, origin);
      const account = await findAccountById(tx, caller.personId);
      if (sufficientProof(account).strength > sufficientProof(before).strength) await this.shutOutLesser(tx, caller);
      return raiseSession(tx, caller.sessionId, account, added.proof, now());
    });
    return { token, backupCodes: made?.codes ?? null };
  }

  /**
   * More is asked from now on. A device that was trusted for less may be an intruder's, and a session that waits for a first factor to
   * be set up must not become a whole one by somebody else's.
   */
  private async shutOutLesser(tx: EntityManager, caller: PersonCaller): Promise<void> {
    await this.parts.revocations.revokeWithin(tx, {
      select: { confinedOf: caller.personId, exceptSessionId: caller.sessionId },
      by: actorOf(caller),
      endReason: 'policy',
      reason: 'A second factor was set up',
      ip: caller.ip,
    });
    await forgetTrust(tx, caller.personId);
  }

  private async codesIfNone(personId: string): Promise<BackupCodeSet | undefined> {
    const { bound } = await findAccountById(this.parts.database, personId);
    return bound.includes('backup_code') ? undefined : this.parts.codes.make();
  }

  private async pending(
    database: DataSource | EntityManager,
    personId: string,
    wanted: AuthenticatorRow['kind'],
  ): Promise<AuthenticatorRow | undefined> {
    const own = await listAuthenticators(database, personId);
    return own.find(({ kind, confirmedAt }) => kind === wanted && confirmedAt === null);
  }
}
