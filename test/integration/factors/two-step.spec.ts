import type { FactorRequired, FactorsView } from '../../../server/contracts/factors.js';
import {
  addPerson,
  codeOf,
  forgetSteps,
  halfSignIns,
  turnOnTotp,
  withPassword,
  wrongCode,
} from '../../support/factors.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';
import { rounds } from '../../support/size.js';

type Session = { aal: number; amr: string[]; current: boolean };

describe('two-step sign-in with an authenticator app, on two servers', () => {
  let gatehouse: Gatehouse;
  let sam: { email: string; password: string };
  let secret: string;
  let backupCodes: string[];

  beforeAll(async () => {
    // No worker: the steps of a sign-in are the servers' alone.
    gatehouse = await startGatehouse({ servers: 2, workers: 0 });
    sam = await addPerson(gatehouse, 'sam@example.com');
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const url = (index = 0): string => gatehouse.urls[index % 2]!;
  const factor = (client: ApiClient, body: unknown) => client.call('POST', '/api/v1/sign-in/factor', body);
  const ownSession = async (client: ApiClient): Promise<Session> => {
    const { body } = await client.call<{ items: Session[] }>('GET', '/api/v1/me/sessions');
    return body.items.find(({ current }) => current)!;
  };

  it('is on only after a code worked, keeps the key on a reload, and changes the token', async () => {
    const client = await ApiClient.signedIn(url(), sam);
    const before = client.cookie;
    const first = await client.call<{ secret: string; uri: string }>('POST', '/api/v1/me/factors/totp', {});
    const again = await client.call<{ secret: string }>('POST', '/api/v1/me/factors/totp', {});
    expect(again.body.secret).toBe(first.body.secret);
    expect(first.body.uri).toContain(`otpauth://totp/Gatehouse:${encodeURIComponent(sam.email)}?secret=`);
    // Apps divide issuer and account at the first colon, after they have decoded it.
    await gatehouse.database.query("UPDATE installation SET organisation = 'Kestrel: Söhne & Co'");
    const named = await client.call<{ uri: string }>('POST', '/api/v1/me/factors/totp', {});
    await gatehouse.database.query("UPDATE installation SET organisation = ''");
    const uri = new URL(named.body.uri);
    expect(decodeURIComponent(uri.pathname)).toBe(`/Kestrel Söhne & Co:${sam.email}`);
    expect(uri.searchParams.get('issuer')).toBe('Kestrel Söhne & Co');
    expect(named.body.uri).not.toContain('+');
    const wrong = await client.call('POST', '/api/v1/me/factors/totp/confirm', { code: wrongCode(first.body.secret) });
    expect(wrong).toMatchObject({ status: 401, body: { code: 'wrong_code' } });
    expect((await client.call<FactorsView>('GET', '/api/v1/me/factors')).body.on).toBe(false);
    ({ secret, backupCodes } = await turnOnTotp(client));
    expect(backupCodes).toHaveLength(10);
    expect(new Set(backupCodes).size).toBe(10);
    expect(await ownSession(client)).toMatchObject({ aal: 2, amr: ['pwd', 'otp', 'mfa'] });
    const former = new ApiClient(url(1));
    former.cookie = before;
    expect((await former.call('GET', '/api/v1/me')).status).toBe(401);
  });

  it('asks for the code after the password, and takes it pasted with a space', async () => {
    await forgetSteps(gatehouse);
    const client = await withPassword(url(), sam);
    expect(client.cookie).toMatch(/^__Host-sign-in=/);
    const state = await client.call<FactorRequired>('GET', '/api/v1/sign-in');
    expect(state.body.options).toMatchObject([{ factor: 'totp' }, { factor: 'backup_code', left: 10 }]);
    const code = codeOf(secret);
    const done = await factor(client, { factor: 'totp', code: `${code.slice(0, 3)} ${code.slice(3)}` });
    expect(done).toMatchObject({ status: 200, body: { status: 'signed_in' } });
    expect(await ownSession(client)).toMatchObject({ aal: 2 });
  });

  it('refuses a half sign-in on every other route', async () => {
    const { body } = await new ApiClient(url()).call<{
      paths: Record<string, Record<string, { security: Record<string, unknown>[] }>>;
    }>('GET', '/api/openapi.json');
    const client = await withPassword(url(), sam);
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security.length > 0 && !security.some((one) => 'signIn' in one))
        .map(([method]) => [method.toUpperCase(), path.replace(/\{\w+\}/g, '00000000-0000-4000-8000-000000000000')]),
    );
    expect(routes.length).toBeGreaterThan(30);
    for (const [method, path] of routes) {
      for (const cookie of [client.cookie, client.cookie.replace('__Host-sign-in', '__Host-sid')]) {
        const half = new ApiClient(url(1));
        half.cookie = cookie;
        const { status } = await half.call(method!, path!, method === 'GET' ? undefined : {});
        expect([method, path, status]).toEqual([method, path, 401]);
      }
    }
    const full = new ApiClient(url());
    full.cookie = client.cookie.replace('__Host-sign-in', '__Host-sid');
    expect((await full.call('GET', '/api/v1/sign-in')).status).toBe(401);
  });

  it.each([
    [-2, 401],
    [-1, 200],
    [0, 200],
    [1, 401],
  ])('answers the code of step %i with %i', async (steps, status) => {
    await forgetSteps(gatehouse);
    const client = await withPassword(url(), sam);
    // Not across the edge of a step, where the code would be of another one.
    const intoStep = (Date.now() / 1000) % 30;
    if (intoStep > 27) await new Promise((resolve) => setTimeout(resolve, (30.2 - intoStep) * 1000));
    expect((await factor(client, { factor: 'totp', code: codeOf(secret, steps) })).status).toBe(status);
  });

  it('kills a used step and all before it', async () => {
    await forgetSteps(gatehouse);
    const code = codeOf(secret);
    const earlier = codeOf(secret, -1);
    expect((await factor(await withPassword(url(), sam), { factor: 'totp', code })).status).toBe(200);
    for (const used of [code, earlier])
      expect(await factor(await withPassword(url(1), sam), { factor: 'totp', code: used })).toMatchObject({
        status: 401,
        body: { code: 'wrong_code' },
      });
  });

  it('lets one of 50 parallel uses of one code win, over two servers', async () => {
    const halves = await halfSignIns(gatehouse, sam.email, 50);
    await forgetSteps(gatehouse);
    const answers = await Promise.all(halves.map((half) => factor(half, { factor: 'totp', code: codeOf(secret) })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.every(({ status }) => [200, 401, 429].includes(status))).toBe(true);
  }, 120_000);

  it('lets one of 50 parallel uses of one backup code win', async () => {
    const halves = await halfSignIns(gatehouse, sam.email, 50);
    const code = backupCodes[0]!;
    const answers = await Promise.all(halves.map((half) => factor(half, { factor: 'backup_code', code })));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    const state = await withPassword(url(), sam).then((half) => half.call<FactorRequired>('GET', '/api/v1/sign-in'));
    expect(state.body.options).toContainEqual(expect.objectContaining({ factor: 'backup_code', left: 9 }));
  }, 120_000);

  it('evaluates five of many parallel wrong codes, and keeps the count for new sign-ins', async () => {
    await forgetSteps(gatehouse);
    const halves = await Promise.all([withPassword(url(0), sam), withPassword(url(1), sam)]);
    const code = wrongCode(secret);
    const tries = rounds(1_000, 200);
    const answers = await Promise.all(
      Array.from({ length: tries }, (_, index) => factor(halves[index % 2]!, { factor: 'totp', code })),
    );
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused).toHaveLength(tries - 5);
    expect(Number(refused[0]!.headers.get('retry-after'))).toBeGreaterThan(20);
    const right = () =>
      withPassword(url(1), sam).then((half) => factor(half, { factor: 'totp', code: codeOf(secret) }));
    expect((await right()).status).toBe(429);
    // The count is the database's: a server that starts anew, and the other one, know it. On a slow machine the start outlasts the wait.
    await gatehouse.database.query(
      `UPDATE authenticators SET retry_at = now() + interval '1 hour' WHERE retry_at > now()`,
    );
    await gatehouse.restartServer(1, {});
    expect((await right()).status).toBe(429);
    // The other way stays open: its count is its own.
    await gatehouse.database.query(
      `UPDATE authenticators SET failures = 0, retry_at = NULL WHERE kind = 'backup_codes'`,
    );
    const other = await factor(await withPassword(url(), sam), { factor: 'backup_code', code: backupCodes[1]! });
    expect(other.status).toBe(200);
  }, 120_000);

  it('is dead after 100 wrong codes in a row, even for the right one', async () => {
    await forgetSteps(gatehouse);
    await gatehouse.database.query(`UPDATE authenticators SET failures = 99 WHERE kind = 'totp'`);
    const client = await withPassword(url(), sam);
    expect((await factor(client, { factor: 'totp', code: wrongCode(secret) })).status).toBe(401);
    await gatehouse.database.query(`UPDATE authenticators SET retry_at = NULL WHERE kind = 'totp'`);
    expect(await factor(client, { factor: 'totp', code: codeOf(secret) })).toMatchObject({
      status: 403,
      body: { code: 'factor_locked' },
    });
    await forgetSteps(gatehouse);
  });

  it('takes a sign-in once, not after ten minutes, and not after everything was ended', async () => {
    await forgetSteps(gatehouse);
    const client = await withPassword(url(), sam);
    const half = client.cookie;
    expect((await factor(client, { factor: 'totp', code: codeOf(secret) })).status).toBe(200);
    const replay = new ApiClient(url());
    replay.cookie = half;
    expect(await replay.call('GET', '/api/v1/sign-in')).toMatchObject({ body: { code: 'sign_in_expired' } });
    const late = await withPassword(url(), sam);
    await gatehouse.database.query(`UPDATE sign_ins SET expires_at = now()`);
    expect((await late.call('GET', '/api/v1/sign-in')).status).toBe(401);
    const ended = await withPassword(url(), sam);
    await client.call('POST', '/api/v1/me/sessions/revoke-others', { includeCurrent: true });
    expect((await ended.call('GET', '/api/v1/sign-in')).status).toBe(401);
  });

  it('shows nothing in a dump: no key, no code, no token', async () => {
    await forgetSteps(gatehouse);
    const half = await withPassword(url(), sam);
    const rows = await gatehouse.database.query<{ text: string }[]>(
      `SELECT a::text AS text FROM authenticators a UNION ALL SELECT c::text FROM backup_codes c UNION ALL SELECT s::text FROM sign_ins s
       UNION ALL SELECT s::text FROM sessions s UNION ALL SELECT e::text FROM audit_entries e`,
    );
    const dump = rows.map(({ text }) => text).join('\n');
    const secrets = [secret, half.cookie.split('=')[1]!, ...backupCodes, ...backupCodes.map((c) => c.replace('-', ''))];
    for (const one of secrets) expect(dump).not.toContain(one);
    expect(dump).toContain('v1|');
  });

  it('voids the old backup codes with a new set', async () => {
    await forgetSteps(gatehouse);
    const client = await withPassword(url(), sam);
    await factor(client, { factor: 'totp', code: codeOf(secret) });
    const made = await client.call<{ codes: string[] }>('POST', '/api/v1/me/factors/backup-codes', {});
    expect(made.body.codes).toHaveLength(10);
    expect(
      (await factor(await withPassword(url(), sam), { factor: 'backup_code', code: backupCodes[5]! })).status,
    ).toBe(401);
    let fresh = await withPassword(url(), sam);
    for (const code of made.body.codes.slice(0, 7)) {
      fresh = await withPassword(url(), sam);
      expect((await factor(fresh, { factor: 'backup_code', code: code.toLowerCase() })).status).toBe(200);
    }
    expect(await ownSession(fresh)).toMatchObject({ aal: 2, amr: ['pwd', 'backup_code', 'mfa'] });
  });

  it('is turned off with a code, and then the password is enough again', async () => {
    await forgetSteps(gatehouse);
    const client = await withPassword(url(), sam);
    await factor(client, { factor: 'totp', code: codeOf(secret) });
    await forgetSteps(gatehouse);
    const wrong = await client.call('POST', '/api/v1/me/factors/turn-off', { code: wrongCode(secret) });
    expect(wrong.status).toBe(401);
    const off = await client.call<FactorsView>('POST', '/api/v1/me/factors/turn-off', { code: codeOf(secret) });
    expect(off).toMatchObject({ status: 200, body: { on: false, authenticators: [], backupCodes: null } });
    const told = await gatehouse.database.query<{ kind: string }[]>(
      'SELECT DISTINCT kind FROM notifications WHERE recipient = $1 ORDER BY kind',
      [sam.email],
    );
    expect(told.map(({ kind }) => kind)).toEqual([
      'backup_codes_low',
      'backup_codes_made',
      'factor_added',
      'new_device_sign_in',
      'two_step_turned_off',
    ]);
    expect((await ApiClient.signedIn(url(), sam)).cookie).toMatch(/^__Host-sid=/);
  });

  it('leaves a record of everything that was ever bound, without its secrets', async () => {
    const kept = await gatehouse.database.query<unknown[]>(
      `SELECT kind, created_at <= confirmed_at AS bound, confirmed_at <= removed_at AS gone, secret FROM authenticators
       WHERE person_id = (SELECT id FROM people WHERE email = $1) AND kind = 'totp'`,
      [sam.email],
    );
    expect(kept).toEqual([{ kind: 'totp', bound: true, gone: true, secret: null }]);
    const entries = await gatehouse.database.query<unknown[]>(
      `SELECT action, host(ip) AS ip FROM audit_entries WHERE action IN ('factor.added', 'two_step.turned_off') ORDER BY sequence`,
    );
    expect(entries).toEqual([
      { action: 'factor.added', ip: '127.0.0.1' },
      { action: 'two_step.turned_off', ip: '127.0.0.1' },
    ]);
  });
});
