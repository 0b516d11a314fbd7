import type { DataSource } from 'typeorm';
import { knowsDevice } from '../devices/recognise-device.js';
import { addressOf } from '../platform/address.js';
import { sha256 } from '../platform/crypto.js';
import type { Limit, Limits } from '../platform/limits.js';
import { normaliseSubject } from '../platform/subject.js';
import type { Account } from './find-account.js';
import type { Origin } from './open-session.js';
import type { PasswordTries, PasswordTry } from './password-tries.js';

/**
 * Limits before any password is hashed. A device that the person signed in with before has one of its own: what others try, also
 * from the same network, must not lock the owner out. The limit of an address stops one source from trying many people.
 */
const limits = {
  device: { name: 'sign-in:device', points: 8, seconds: 900, blockSeconds: 300 },
  accountAndSource: { name: 'sign-in:account+source', points: 8, seconds: 900, blockSeconds: 300 },
  account: { name: 'sign-in:account', points: 100, seconds: 3_600, blockSeconds: 300 },
  source: { name: 'sign-in:source', points: 60, seconds: 900, blockSeconds: 300 },
} as const satisfies Record<string, Limit>;

/** A sign-in whose password may be looked at. */
export type AdmittedSignIn = {
  /** Whether the person of this address signed in with this very device before. */
  knownDevice: boolean;
  /** The password was right: what was taken of the limits is given back. */
  wasRight: () => Promise<void>;
};

/** Says whether a password may be tried: by account, by source, and by how many were wrong in a row. */
export class AdmitSignIn {
  constructor(
    private readonly database: DataSource,
    private readonly limiter: Limits,
    private readonly tries: PasswordTries,
  ) {}

  /** @throws Refusal `too_many_tries`, `password_locked`, the same for people who don't exist */
  async admit(email: string, account: Account | undefined, origin: Origin): Promise<AdmittedSignIn> {
    const subject = normaliseSubject(email);
    const knownDevice = await knowsDevice(this.database, subject, origin.deviceToken);
    const at = knownDevice ? origin.deviceToken : undefined;
    const inARow = { of: subject, changedAt: account?.passwordChangedAt ?? null, at };
    const taken = at === undefined ? await this.takeAsStranger(subject, origin) : await this.takeOnDevice(subject, at);
    await this.tries.count(inARow);
    return { knownDevice, wasRight: () => this.giveBack(taken, inARow) };
  }

  private async takeOnDevice(subject: string, token: string): Promise<Taken[]> {
    const own = { limit: limits.device, key: keyOf(`${subject}\n${token}`) };
    await this.limiter.take(own.limit, own.key);
    return [own];
  }

  private async takeAsStranger(subject: string, origin: Origin): Promise<Taken[]> {
    const { addressKey } = addressOf(origin.ip);
    const source = { limit: limits.source, key: keyOf(addressKey) };
    const both = { limit: limits.accountAndSource, key: keyOf(`${subject}\n${addressKey}`) };
    for (const { limit, key } of [source, both]) await this.limiter.take(limit, key);
    if (!(await this.signedInFromHere(subject, origin))) await this.limiter.take(limits.account, keyOf(subject));
    return [source, both];
  }

  private async giveBack(taken: readonly Taken[], inARow: PasswordTry): Promise<void> {
    await Promise.all([...taken.map(({ limit, key }) => this.limiter.giveBack(limit, key)), this.tries.forget(inARow)]);
  }

  /** Whether this account had a session from this very address in the last 30 days. */
  private async signedInFromHere(subject: string, { ip }: Origin): Promise<boolean> {
    const [row] = await this.database.query<{ known: boolean }[]>(
      `SELECT EXISTS (SELECT FROM person_identifiers i JOIN sessions s ON s.person_id = i.person_id
         WHERE i.value = $1 AND i.kind = 'email' AND s.ip = $2::inet AND s.started_at > now() - interval '30 days') AS known`,
      [subject, ip],
    );
    return row?.known ?? false;
  }
}

type Taken = { limit: Limit; key: string };

/** Hashed, so that the table of limits is no list of who tried to sign in. */
const keyOf = (text: string): string => sha256(text).toString('base64url');
