import { confineSessions } from '../../../server/authentication/confine-sessions.js';
import { sweepSignIns } from '../../../server/authentication/sweep-sign-ins.js';
import type { Me } from '../../../server/contracts/authentication.js';
import type { FactorsView } from '../../../server/contracts/factors.js';
import type { AuditEntry } from '../../../server/contracts/operations.js';
import type { Page } from '../../../server/contracts/paging.js';
import type { RoleRule, SignInPolicyChange, SignInPolicyView } from '../../../server/contracts/policies.js';
import { addPerson, codeOf, forgetSteps, halfSignIns, turnOnTotp, withPassword } from '../../support/factors.js';
import { admin, ApiClient, eventually, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';
import { cutAt, openLive } from '../../support/live.js';

const RULES = '/api/v1/policies/sign-in';

describe('what administrators ask of sign-in, and do for who is locked out', () => {
  let gatehouse: Gatehouse;
  let url: string;
  let staff: ApiClient;
  let sam: { email: string; password: string };
  /** Of Sam's app, once it is set up to stay. */
  let secret: string;

  beforeAll(async () => {
    gatehouse = await startGatehouse();
    [url] = gatehouse.urls as [string];
    staff = await ApiClient.signedIn(url);
    sam = await addPerson(gatehouse, 'sam@example.com');
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const rules = async (): Promise<SignInPolicyChange> => {
    const { roles, ...rest } = (await staff.call<SignInPolicyView>('GET', RULES)).body;
    return {
      ...rest,
      roles: roles.map(({ role, factorRequired, idleMinutes, lockMinutes, absoluteMinutes }) => ({
        role,
        factorRequired,
        idleMinutes,
        lockMinutes,
        absoluteMinutes,
      })),
    };
  };
  /** Changes the rules of users. */
  const setRules = async (user: Partial<RoleRule>, more: Partial<SignInPolicyChange> = {}, by = staff) => {
    const { roles, ...rest } = await rules();
    const changed = roles.map((rule) => (rule.role === 'user' ? { ...rule, ...user } : rule));
    return by.call<SignInPolicyView>('PUT', RULES, { ...rest, ...more, roles: changed });
  };
  const lastAudit = async (action: string): Promise<AuditEntry> =>
    (await staff.call<Page<AuditEntry>>('GET', `/api/v1/audit?action=${action}`)).body.items[0]!;
  const signedInByApp = async (): Promise<ApiClient> => {
    await forgetSteps(gatehouse, sam.email);
    const half = await withPassword(url, sam);
    await half.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) });
    return half;
  };
  const idOf = async (who: { email: string }): Promise<string> => {
    const [row] = await gatehouse.database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [
      who.email,
    ]);
    return row!.id;
  };

  it('resets the factors of who lost them, records why, and tells the person', async () => {
    const client = await ApiClient.signedIn(url, sam);
    await turnOnTotp(client);
    const half = await withPassword(url, sam);
    const path = `/api/v1/people/${await idOf(sam)}/factors`;
    expect((await staff.call<FactorsView>('GET', path)).body).toMatchObject({ on: true, backupCodes: { left: 10 } });
    const reset = (by: ApiClient, note: string, target = path, identityCheck = 'in_person') =>
      by.call<FactorsView>('POST', `${target}/reset`, { identityCheck, note });
    expect((await reset(staff, 'yes')).status).toBe(400);
    expect((await reset(staff, 'came to my desk', path, 'they called me')).status).toBe(400);
    expect((await staff.call('POST', `${path}/reset`, { note: 'came to my desk' })).status).toBe(400);
    expect((await reset(client, 'came to my desk')).body).toMatchObject({ code: 'forbidden' });
    const own = `/api/v1/people/${(await staff.me()).person.id}/factors`;
    expect((await reset(staff, 'it is me, really', own)).body).toMatchObject({ code: 'forbidden' });
    expect((await reset(staff, 'came to my desk with the badge')).body).toMatchObject({
      on: false,
      authenticators: [],
    });
    expect((await reset(staff, 'came to my desk with the badge')).status).toBe(409);
    expect((await client.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    expect((await half.call('GET', '/api/v1/sign-in')).status).toBe(401);
    expect((await ApiClient.signedIn(url, sam)).cookie).toMatch(/^__Host-sid=/);
    expect(await lastAudit('factors.reset')).toMatchObject({
      detail: {
        before: { factors: 'totp, backup_codes' },
        after: { factors: '' },
        identityCheck: 'in_person',
        note: 'came to my desk with the badge',
      },
    });
    const [mail] = await gatehouse.database.query<{ recipient: string; payload: unknown }[]>(
      `SELECT recipient, payload FROM notifications WHERE kind = 'factors_reset'`,
    );
    expect(mail).toMatchObject({
      recipient: sam.email,
      payload: { identityCheck: 'in_person', note: 'came to my desk with the badge' },
    });
  });

  it('resets while the person signs in with a code, and neither waits for the other without end', async () => {
    const path = `/api/v1/people/${await idOf(sam)}/factors/reset`;
    for (let round = 0; round < 12; round += 1) {
      const { secret } = await turnOnTotp(await ApiClient.signedIn(url, sam));
      await forgetSteps(gatehouse, sam.email);
      await gatehouse.database.query(`DELETE FROM limits`);
      const halves = await halfSignIns(gatehouse, sam.email, 4);
      const [reset, ...steps] = await Promise.all([
        staff.call('POST', path, { identityCheck: 'call_back', note: 'called the number on file' }),
        ...halves.map((half) => half.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) })),
      ]);
      expect(reset.status).toBe(200);
      expect(steps.filter(({ status }) => status >= 500)).toEqual([]);
      for (const half of halves) expect((await half.call('GET', '/api/v1/me')).status).toBe(401);
    }
  }, 60_000);

  it.each([
    ['POST', () => '/backup-codes', {}],
    ['DELETE', (totp: string) => `/${totp}`, {}],
    ['POST', () => '/turn-off', { password: admin.password }],
  ])(
    'waits for a sign-in that uses a factor without keeping its person from it (%s %s)',
    async (method, path, body) => {
      const { database } = gatehouse;
      const client = await ApiClient.signedIn(url, sam);
      await turnOnTotp(client);
      const id = await idOf(sam);
      const own = await database.query<{ id: string; kind: string }[]>(
        'SELECT id, kind FROM authenticators WHERE person_id = $1 AND removed_at IS NULL',
        [id],
      );
      const totp = own.find(({ kind }) => kind === 'totp')!.id;
      const changing: { done?: Promise<{ status: number }> } = {};
      await database.transaction(async (tx) => {
        // As a sign-in does: what it uses up first, and then who it is.
        await tx.query('SELECT FROM authenticators WHERE id = ANY($1) FOR UPDATE', [own.map((one) => one.id)]);
        changing.done = client.call(method, `/api/v1/me/factors${path(totp)}`, body);
        await eventually(async () => {
          const waiting = await database.query<unknown[]>(
            `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
          );
          return waiting.length > 0;
        }, 'the change waits');
        await tx.query('SELECT FROM people WHERE id = $1 FOR SHARE NOWAIT', [id]);
      });
      expect((await changing.done)?.status).toBe(200);
      await database.query('UPDATE authenticators SET removed_at = now() WHERE person_id = $1', [id]);
    },
  );

  it('takes rules only from administrators, and only whole and possible ones', async () => {
    const client = await ApiClient.signedIn(url, sam);
    expect((await setRules({ factorRequired: true }, {}, client)).body).toMatchObject({ code: 'forbidden' });
    expect((await setRules({ idleMinutes: 1_440, absoluteMinutes: 60 })).status).toBe(400);
    expect((await setRules({ absoluteMinutes: 43_201 })).status).toBe(400);
    const { roles, ...rest } = await rules();
    expect((await staff.call('PUT', RULES, { ...rest, roles: roles.slice(1) })).status).toBe(400);
    const twice = [...roles.slice(1), roles[1]];
    expect((await staff.call('PUT', RULES, { ...rest, roles: twice })).status).toBe(400);
  });

  it('counts the days of grace down, and writes down what was before and after', async () => {
    const changed = await setRules({ factorRequired: true }, { graceDays: 7 });
    expect(changed.body.roles[0]).toMatchObject({ role: 'user', factorRequired: true, people: 1, withFactor: 0 });
    const me = await (await ApiClient.signedIn(url, sam)).me();
    const days = (Date.parse(me.twoStep.requiredFrom ?? '') - Date.now()) / 86_400_000;
    expect([me.confinedTo, Math.round(days)]).toEqual([null, 7]);
    expect(await lastAudit('sign_in_policy.changed')).toMatchObject({
      detail: { before: { required: '', graceDays: 14 }, after: { required: 'user', graceDays: 7 } },
    });
  });

  it('lets an open session do nothing but set a factor up once the grace is over', async () => {
    const client = await ApiClient.signedIn(url, sam);
    const cut = cutAt(await openLive(client));
    await gatehouse.database.query(
      `UPDATE role_rules SET factor_required_since = factor_required_since - interval '8 days'`,
    );
    await gatehouse.database.query(`UPDATE people SET created_at = created_at - interval '30 days'`);
    const since = Date.now();
    await confineSessions(gatehouse.database);
    // Not by the next sweep of the server, which may take five seconds.
    expect((await cut) - since).toBeLessThan(2_000);
    await expect(openLive(client)).rejects.toThrow('not_signed_in');
    for (const one of [client, await ApiClient.signedIn(url, sam)]) {
      expect((await one.call<Me>('GET', '/api/v1/me')).body.confinedTo).toBe('factor_set_up');
      expect((await one.call('GET', '/api/v1/me/sessions')).body).toMatchObject({ code: 'set_up_required' });
    }
    ({ secret } = await turnOnTotp(client));
    expect((await client.call('GET', '/api/v1/me/sessions')).status).toBe(200);
    const off = await client.call('POST', '/api/v1/me/factors/turn-off', { password: sam.password });
    expect(off.body).toMatchObject({ code: 'required_by_policy' });
  });

  it('keeps the app where codes by mail, which would stay, are not enough', async () => {
    const client = await signedInByApp();
    const [row] = await gatehouse.database.query<{ id: string; mail: string }[]>(
      `WITH mail AS (INSERT INTO authenticators (id, person_id, kind, name, confirmed_at) VALUES (gen_random_uuid(), $1, 'email', 'Codes by e-mail', now()) RETURNING id)
       SELECT a.id, mail.id AS mail FROM authenticators a, mail WHERE a.person_id = $1 AND a.kind = 'totp' AND a.removed_at IS NULL`,
      [await idOf(sam)],
    );
    const remove = (id: string) => client.call('DELETE', `/api/v1/me/factors/${id}`);
    await setRules({}, { strict: true });
    expect((await remove(row!.id)).body).toMatchObject({
      code: 'required_by_policy',
      detail: expect.stringContaining('Add another app or passkey') as string,
    });
    expect((await client.call<FactorsView>('GET', '/api/v1/me/factors')).body.authenticators).toHaveLength(2);
    // What never counted may go.
    expect((await remove(row!.mail)).status).toBe(200);
    await setRules({}, { strict: false });
  });

  it('confines at once where no grace is given, and lets go when nothing is required any more', async () => {
    const lee = await addPerson(gatehouse, 'lee@example.com');
    const client = await ApiClient.signedIn(url, lee);
    await setRules({ factorRequired: true }, { graceDays: 0 });
    expect((await client.me()).confinedTo).toBe('factor_set_up');
    await setRules({ factorRequired: false });
    expect((await client.me()).confinedTo).toBeNull();
  });

  it('ends sessions by the limits of their role, open ones too', async () => {
    const lee = { email: 'lee@example.com', password: sam.password };
    const open = await ApiClient.signedIn(url, lee);
    await gatehouse.database.query(
      `UPDATE sessions SET last_seen_at = now() - interval '6 minutes' WHERE person_id = $1`,
      [await idOf(lee)],
    );
    await setRules({ idleMinutes: 5, lockMinutes: 2, absoluteMinutes: 60 });
    expect((await open.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended', detail: 'idle' });
    const { sessionId } = await (await ApiClient.signedIn(url, lee)).me();
    const [limits] = await gatehouse.database.query<{ idle: number; whole: number }[]>(
      `SELECT extract(epoch FROM idle_limit)::int / 60 AS idle, round(extract(epoch FROM expires_at - started_at) / 60)::int AS whole FROM sessions WHERE id = $1`,
      [sessionId],
    );
    expect(limits).toEqual({ idle: 5, whole: 60 });
  });

  it('holds new passwords to the rules, and takes none below what is safe', async () => {
    const lee = { email: 'lee@example.com', password: admin.password };
    expect((await setRules({}, { passwordMinimum: 14 })).status).toBe(400);
    expect((await setRules({}, { passwordMinimumTwoStep: 7 })).status).toBe(400);
    expect((await setRules({}, { passwordMinimum: 20, passwordMinimumTwoStep: 21 })).status).toBe(400);
    expect((await setRules({}, { blockedWords: ['abc'] })).status).toBe(400);
    expect((await setRules({}, { passwordMinimum: 20, blockedWords: ['Kestrel Marine'] })).status).toBe(200);
    const client = await ApiClient.signedIn(url, lee);
    const change = (next: string) =>
      client.call<{ errors: { message: string }[] }>('POST', '/api/v1/me/password', { current: lee.password, next });
    expect((await client.call('GET', '/api/v1/me/password')).body).toMatchObject({ minimum: 20 });
    expect((await change('seven slow boats at')).body.errors[0]!.message).toContain('at least 20 characters');
    expect((await change('KestrelMarine kestrel marine')).body.errors[0]!.message).toContain('Do not build it from');
    expect((await change('seven slow boats at noon')).status).toBe(200);
    expect(await lastAudit('sign_in_policy.changed')).toMatchObject({
      detail: {
        before: { passwordMinimum: 15, blockedWords: '' },
        after: { passwordMinimum: 20, blockedWords: 'Kestrel Marine' },
      },
    });
  });

  it('treats every sign-in from a network of shared computers as one, whatever the page said', async () => {
    expect((await setRules({}, { sharedNetworks: ['not a network'] })).status).toBe(400);
    const uma = await addPerson(gatehouse, 'uma@example.com');
    const known = await ApiClient.signedIn(url, uma);
    const { secret } = await turnOnTotp(known);
    await known.call('POST', '/api/v1/me/devices/trust', {});
    await setRules(
      { idleMinutes: 480, lockMinutes: 60, absoluteMinutes: 1_440 },
      { trustDays: 30, sharedNetworks: ['2001:db8::/32', '127.0.0.1/8'] },
    );
    const stranger = () => new ApiClient(url).call('GET', '/api/v1/set-up');
    expect((await stranger()).body).toMatchObject({ sharedComputer: true });
    await forgetSteps(gatehouse, uma.email);
    const half = await withPassword(url, uma);
    expect((await half.call('GET', '/api/v1/sign-in')).body).toMatchObject({ trustDays: 0 });
    const opened = await half.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) });
    expect(opened.headers.getSetCookie().some((cookie) => cookie.startsWith('__Host-device'))).toBe(false);
    const { sessionId } = await half.me();
    const [session] = await gatehouse.database.query<unknown[]>(
      `SELECT shared, device_id AS device, extract(epoch FROM idle_limit)::int / 60 AS idle FROM sessions WHERE id = $1`,
      [sessionId],
    );
    expect(session).toEqual({ shared: true, device: null, idle: 10 });
    expect((await half.call('POST', '/api/v1/me/devices/trust', {})).body).toMatchObject({ code: 'trust_not_allowed' });
    await setRules({}, { sharedNetworks: ['192.0.2.0/24'] });
    expect(Object.entries((await stranger()).body as object)).toEqual([
      ['needed', false],
      ['version', expect.any(String)],
      ['sharedComputer', false],
      ['mail', 'files'],
      ['organisation', null],
    ]);
    await setRules({}, { sharedNetworks: [] });
  });

  it('forgets sign-ins that were not finished and challenges that were not answered', async () => {
    const { database } = gatehouse;
    await withPassword(url, sam);
    await new ApiClient(url).call('POST', '/api/v1/sign-in/passkey-options', {});
    await sweepSignIns(database);
    const left = async () =>
      database.query<{ a: number; b: number }[]>(
        `SELECT (SELECT count(*)::int FROM sign_ins) AS a, (SELECT count(*)::int FROM passkey_challenges) AS b`,
      );
    expect(await left()).toEqual([{ a: 1, b: 1 }]);
    await database.query('UPDATE sign_ins SET expires_at = now()');
    await database.query('UPDATE passkey_challenges SET expires_at = now()');
    await sweepSignIns(database);
    expect(await left()).toEqual([{ a: 0, b: 0 }]);
  });
});
