import type { EntityManager } from 'typeorm';
import { isStillTrusted, recogniseDevice, type RecognisedDevice } from '../devices/recognise-device.js';
import { circumstancesOf } from '../notifications/circumstances.js';
import type { NotifyPerson } from '../notifications/notify-person.js';
import { requireUnchanged } from '../people/require-unchanged.js';
import { clientOf } from '../platform/client.js';
import { Refusal } from '../platform/errors.js';
import { holdSignInPolicy } from '../policies/hold-sign-in-policy.js';
import { isSharedNetwork } from '../policies/shared-networks.js';
import { createSession } from '../sessions/create-session.js';
import type { SessionAssurance } from '../sessions/rotate-session.js';
import { assuranceOf, type Proof, strongest } from './domain/assurance.js';
import { mustSetUpFirst, stillMissing } from './domain/required-factors.js';
import { passChallenge } from './challenge-next.js';
import type { DemandLongerPassword } from './demand-longer-password.js';
import type { CancelRecovery } from './cancel-recovery.js';
import { confirmMailedPassword } from './store/passwords.js';
import { type Account, findAccountById } from './find-account.js';

/** Where a sign-in comes from, as the server itself sees it, and the token of the device that the browser kept. */
export type Origin = { ip: string; userAgent: string | undefined; deviceToken: string | undefined };
/** What the client calls itself, as an attempt may hold it. */
export const clippedUserAgent = (userAgent: string | undefined): { userAgent?: string } =>
  userAgent === undefined ? {} : { userAgent: userAgent.slice(0, 2048) };

/** `deviceToken` is what the browser keeps from now on; null on a shared terminal. */
export type OpenedSession = { token: string; sessionId: string; personId: string; deviceToken: string | null };

/** Opens the session at the end of a sign-in: the one place where sessions begin, whatever the way in. */
export class OpenSession {
  constructor(
    private readonly notifications: NotifyPerson,
    private readonly recoveries: CancelRecovery,
    private readonly demands: DemandLongerPassword,
    private readonly now: () => number,
  ) {}

  /**
   * @param proved what was proved in this very sign-in
   * @param saidShared a terminal of several people: it isn't recognised again, and its session is short; so where the rules say it of the network
   * @throws Error when something is missing: a caller that gets here too early is wrong, and nobody is let in
   * @throws Refusal `conflict` when what was checked changed meanwhile
   */
  async open(
    tx: EntityManager,
    account: Account,
    proved: readonly Proof[],
    origin: Origin,
    saidShared: boolean,
  ): Promise<OpenedSession> {
    if (account.disabled || stillMissing(proved, account) !== 'nothing')
      throw new Error('A session was asked for before everything was proved.');
    await holdSignInPolicy(tx);
    const now = await this.requireStillEnough(tx, account, proved, origin);
    await this.recoveries.whenProved(tx, account, proved, origin.ip);
    const client = clientOf(origin.userAgent);
    const shared = saidShared || (await isSharedNetwork(tx, origin.ip));
    const device = shared ? null : await recogniseDevice(tx, account.id, origin.deviceToken, client);
    const opened = await createSession(tx, {
      person: account,
      assurance: sessionAssurance(now, proved, strongest(proved), this.now()),
      client,
      userAgent: origin.userAgent?.slice(0, 512) ?? null,
      ip: origin.ip,
      deviceId: device?.id ?? null,
      shared,
    });
    if (device?.isNew) await this.tellOfNew(tx, account, device, proved, origin);
    return { ...opened, personId: account.id, deviceToken: device?.token ?? null };
  }

  /** A factor that was bound, or a trust that was ended, since the password was checked holds for this sign-in too. */
  private async requireStillEnough(
    tx: EntityManager,
    account: Account,
    proved: readonly Proof[],
    origin: Origin,
  ): Promise<Account> {
    if (proved.includes('password') && strongest(proved) > 0) await confirmMailedPassword(tx, account.id);
    await this.demands.where(tx, account, origin.ip);
    // Holds the person's row, which whoever binds a factor takes first.
    await requireUnchanged(tx, account);
    const now = await findAccountById(tx, account.id);
    const isTrusting = proved.includes('trusted_device');
    if (stillMissing(proved, now) !== 'nothing') throw new Refusal('conflict');
    // Nothing is missing, so a second factor was shown: it is not asked for once more.
    if (now.challenged) await passChallenge(tx, account.id);
    if (isTrusting && !(await isStillTrusted(tx, account.id, origin))) throw new Refusal('conflict');
    return now;
  }

  private async tellOfNew(
    tx: EntityManager,
    account: Account,
    device: RecognisedDevice,
    proved: readonly Proof[],
    origin: Origin,
  ): Promise<void> {
    await this.notifications.notify(tx, account.id, {
      kind: 'new_device_sign_in',
      payload: {
        circumstances: circumstancesOf(origin, this.now()),
        application: 'Gatehouse',
        factors: proved.map((proof) => words[proof]),
      },
      dedupKey: `new_device_sign_in:${device.id}`,
    });
  }
}

const words: Record<Proof, string> = {
  password: 'password',
  totp: 'authenticator app',
  passkey: 'passkey',
  passkey_verified: 'passkey',
  backup_code: 'backup code',
  trusted_device: 'trusted device',
  email: 'code by e-mail',
  sms: 'code by SMS',
};

/** @param strength of the newest proof */
export function sessionAssurance(
  account: Account,
  proved: readonly Proof[],
  strength: number,
  nowMs: number,
): SessionAssurance {
  const { aal, amr } = assuranceOf(proved);
  const confinedTo = mustSetUpFirst(account, nowMs) ? 'factor_set_up' : null;
  return { aal, amr, proofs: [...new Set(proved)], strength, confinedTo };
}
