import { randomUUID } from 'node:crypto';
import { generateSync } from 'otplib';
import type { FactorAdded, TotpSetUp } from '../../server/contracts/factors.js';
import { insertSignIn } from '../../server/authentication/store/sign-ins.js';
import { randomToken, sha256 } from '../../server/platform/crypto.js';
import { admin, ApiClient, type Gatehouse } from './gatehouse.js';

/** The code that an authenticator app shows, so many 30 s steps from now. */
export const codeOf = (secret: string, steps = 0): string =>
  generateSync({ secret, epoch: Math.floor(Date.now() / 1000) + steps * 30 });

/** A code that is wrong for every step near now. */
export function wrongCode(secret: string): string {
  const right = new Set([-2, -1, 0, 1, 2].map((steps) => codeOf(secret, steps)));
  for (let code = 0; ; code += 1) if (!right.has(String(code).padStart(6, '0'))) return String(code).padStart(6, '0');
}

/** Sets an authenticator app up, as its owner does. */
export async function turnOnTotp(client: ApiClient): Promise<{ secret: string; backupCodes: string[] }> {
  const begun = await client.call<TotpSetUp>('POST', '/api/v1/me/factors/totp', {});
  const confirmed = await client.call<FactorAdded>('POST', '/api/v1/me/factors/totp/confirm', {
    code: codeOf(begun.body.secret),
  });
  if (confirmed.status !== 200) throw new Error(`Setting up answered ${confirmed.status}.`);
  return { secret: begun.body.secret, backupCodes: confirmed.body.backupCodes ?? [] };
}

/** Lets the codes of the present time step count again: a test signs in more often than a person. */
export async function forgetSteps(gatehouse: Gatehouse, email?: string): Promise<void> {
  await gatehouse.database.query(
    `UPDATE authenticators SET last_step = NULL, failures = 0, retry_at = NULL WHERE kind = 'totp' AND ($1::text IS NULL OR person_id = (SELECT id FROM people WHERE email = $1))`,
    [email ?? null],
  );
}

/** Somebody with the password of the administrator. */
export async function addPerson(gatehouse: Gatehouse, email: string, role = 'user'): Promise<typeof admin> {
  const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
  await staff.call('POST', '/api/v1/people', [{ email, name: email.split('@')[0], role }]);
  await gatehouse.database.query(
    'UPDATE people SET password_hash = (SELECT password_hash FROM people WHERE email = $1) WHERE email = $2',
    [admin.email, email],
  );
  return { email, password: admin.password };
}

/** The first step of a sign-in, at a server of one's choice. */
export async function withPassword(url: string, who: typeof admin): Promise<ApiClient> {
  const client = new ApiClient(url);
  const { body } = await client.call<{ status: string }>('POST', '/api/v1/sign-in', who);
  if (body.status !== 'factor_required') throw new Error(`The password alone led to ${body.status}.`);
  return client;
}

/** Half sign-ins of one person, by turns at each server, begun the way the password begins them, without its hash, which takes its time on purpose. */
export async function halfSignIns(gatehouse: Gatehouse, email: string, count: number): Promise<ApiClient[]> {
  const [person] = await gatehouse.database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [email]);
  const clients = Array.from({ length: count }, async (_, index) => {
    const token = randomToken();
    await insertSignIn(gatehouse.database, {
      id: randomUUID(),
      tokenHash: sha256(token),
      personId: person!.id,
      proofs: ['password'],
      shared: false,
      assessmentId: null,
    });
    const client = new ApiClient(gatehouse.urls[index % gatehouse.urls.length]!);
    client.cookie = `__Host-sign-in=${token}`;
    return client;
  });
  return Promise.all(clients);
}

/** A browser that keeps the cookie of its device between sign-ins. */
export class Browser {
  device = '';
  /** With which attributes the device's cookie was set last. */
  attributes = '';
  /** What it calls itself; empty: as this program does. */
  agent = '';
  client: ApiClient;

  constructor(readonly url: string) {
    this.client = new ApiClient(url);
  }

  /** @returns what it led to, or the status of the refusal */
  async signIn(who: typeof admin, shared = false): Promise<string | number> {
    this.client = new ApiClient(this.url);
    return this.step('/api/v1/sign-in', { ...who, shared });
  }

  factor(code: string, factor: 'totp' | 'backup_code' = 'totp'): Promise<string | number> {
    return this.step('/api/v1/sign-in/factor', { factor, code });
  }

  private async step(path: string, body: unknown): Promise<string | number> {
    const cookie = [this.client.cookie, this.device].filter((one) => one !== '').join('; ');
    const answer = await this.client.call<{ status: string | number }>('POST', path, body, {
      ...(cookie === '' ? {} : { cookie }),
      ...(this.agent === '' ? {} : { 'user-agent': this.agent }),
    });
    const set = answer.headers.getSetCookie().find((one) => one.startsWith('__Host-device='));
    if (set !== undefined) {
      this.device = set.split(';')[0]!;
      this.attributes = set.slice(this.device.length);
    }
    return answer.body.status;
  }
}
