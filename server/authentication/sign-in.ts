import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import type { Role } from '../contracts/people.js';
import type { Outcome } from '../contracts/attempts.js';
import { addressOf } from '../platform/address.js';
import { clientOf } from '../platform/client.js';
import type { RecordAttempts } from '../attempts/record-attempts.js';
import { normaliseSubject } from '../platform/subject.js';
import { sha256 } from '../platform/crypto.js';
import { Refusal } from '../platform/errors.js';
import type { Limit, Limits } from '../platform/limits.js';
import { createSession } from '../sessions/create-session.js';
import type { HashPassword } from './hash-password.js';

/** Where a sign-in comes from, as the server itself sees it. */
export type Origin = { ip: string; userAgent: string | undefined };
export type OpenedSession = { token: string; sessionId: string; personId: string };

/**
 * Limits before any password is hashed. The account's own one doesn't count where the person signed in before: tries from
 * elsewhere must not lock the owner out. The limit of an address stops one source from trying many people.
 */
const limits = {
  accountAndSource: { name: 'sign-in:account+source', points: 8, seconds: 900, blockSeconds: 300 },
  account: { name: 'sign-in:account', points: 100, seconds: 3_600, blockSeconds: 300 },
  source: { name: 'sign-in:source', points: 60, seconds: 900, blockSeconds: 300 },
} as const satisfies Record<string, Limit>;

type Account = { id: string; role: Role; passwordHash: string | null; disabled: boolean };

/** Signs people in by e-mail and password. Every try is recorded like any application's, and told apart by nothing a stranger can see. */
export class SignIn {
  constructor(
    private readonly database: DataSource,
    private readonly passwords: HashPassword,
    private readonly limiter: Limits,
    private readonly recording: RecordAttempts,
    private readonly ownApplicationId: () => Promise<string>,
    private readonly now: () => number,
  ) {}

  /**
   * @throws Refusal `wrong_credentials` for a wrong password, an unknown address and a disabled account alike; `too_many_tries`
   */
  async signIn(email: string, password: string, origin: Origin): Promise<OpenedSession> {
    const address = addressOf(origin.ip);
    const keys = limitKeys(normaliseSubject(email), address.addressKey);
    try {
      await this.limiter.take(limits.source, keys.source);
      await this.limiter.take(limits.accountAndSource, keys.accountAndSource);
      if (!(await this.signedInFromHere(email, origin.ip))) await this.limiter.take(limits.account, keys.account);
    } catch (error) {
      if (error instanceof Refusal && error.code === 'too_many_tries')
        await this.record(email, origin, 'blocked', 'too_many_tries');
      throw error;
    }
    const account = await this.find(email);
    const right = await this.passwords.matches(password, account?.passwordHash ?? null);
    if (!account || !right || account.disabled) {
      await this.record(
        email,
        origin,
        'failure',
        !account ? 'unknown_subject' : right ? 'account_disabled' : 'wrong_password',
      );
      throw new Refusal('wrong_credentials');
    }
    await Promise.all(
      (['source', 'accountAndSource'] as const).map((name) => this.limiter.giveBack(limits[name], keys[name])),
    );
    return this.open(account, email, origin);
  }

  /** The end of every way in: opens the session, after the success was recorded. */
  private async open(account: Account, email: string, origin: Origin): Promise<OpenedSession> {
    const opened = await this.database.transaction((tx) =>
      createSession(tx, {
        person: account,
        amr: ['pwd'],
        client: clientOf(origin.userAgent),
        userAgent: origin.userAgent?.slice(0, 512) ?? null,
        ip: origin.ip,
      }),
    );
    await this.record(email, origin, 'success', undefined, opened.sessionId);
    return { ...opened, personId: account.id };
  }

  /** Whether this account had a session from this very address in the last 30 days. */
  private async signedInFromHere(email: string, ip: string): Promise<boolean> {
    const [row] = await this.database.query<{ known: boolean }[]>(
      `SELECT EXISTS (SELECT FROM person_identifiers i JOIN sessions s ON s.person_id = i.person_id
         WHERE i.value = $1 AND i.kind = 'email' AND s.ip = $2::inet AND s.started_at > now() - interval '30 days') AS known`,
      [normaliseSubject(email), ip],
    );
    return row?.known ?? false;
  }

  private async find(email: string): Promise<Account | undefined> {
    const [row] = await this.database.query<Account[]>(
      `SELECT p.id, p.role, p.password_hash AS "passwordHash", p.disabled_at IS NOT NULL AS disabled
       FROM person_identifiers i JOIN people p ON p.id = i.person_id WHERE i.value = $1 AND i.kind = 'email'`,
      [normaliseSubject(email)],
    );
    return row;
  }

  private async record(
    subject: string,
    origin: Origin,
    outcome: Outcome,
    reason?: string,
    sessionId?: string,
  ): Promise<void> {
    await this.recording.record(await this.ownApplicationId(), [
      {
        id: randomUUID(),
        occurredAt: new Date(this.now()).toISOString(),
        subject,
        outcome,
        ip: origin.ip,
        factor: 'password',
        ...(reason === undefined ? {} : { reason }),
        ...(origin.userAgent === undefined ? {} : { userAgent: origin.userAgent.slice(0, 2048) }),
        ...(sessionId === undefined ? {} : { sessionId }),
      },
    ]);
  }
}

/** Hashed, so that the table of limits is no list of who tried to sign in. */
function limitKeys(email: string, source: string): Record<keyof typeof limits, string> {
  const key = (text: string): string => sha256(text).toString('base64url');
  return { accountAndSource: key(`${email}\n${source}`), account: key(email), source: key(source) };
}
