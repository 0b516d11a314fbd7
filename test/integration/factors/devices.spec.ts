import type { DevicesView } from '../../../server/contracts/devices.js';
import type { FactorRequired } from '../../../server/contracts/factors.js';
import type { SessionView } from '../../../server/contracts/sessions.js';
import { addPerson, Browser, codeOf, forgetSteps, turnOnTotp } from '../../support/factors.js';
import { ApiClient, eventually, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';

const DEVICES = '/api/v1/me/devices';
type Who = { email: string; password: string };

describe('devices and their trust, on two servers', () => {
  let gatehouse: Gatehouse;
  let sam: Who;
  let secret: string;
  let desk: Browser;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ servers: 2 });
    sam = await addPerson(gatehouse, 'sam@example.com');
    desk = new Browser(gatehouse.urls[0]!);
    await desk.signIn(sam);
    ({ secret } = await turnOnTotp(desk.client));
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const devices = async (browser: Browser) => (await browser.client.call<DevicesView>('GET', DEVICES)).body.items;
  const signInFully = async (browser: Browser, who = sam, shared = false): Promise<void> => {
    await forgetSteps(gatehouse);
    expect(await browser.signIn(who, shared)).toBe('factor_required');
    expect(await browser.factor(codeOf(secret))).toBe('signed_in');
  };
  const mails = () =>
    gatehouse.database.query<{ kind: string }[]>(`SELECT kind FROM notifications WHERE kind = 'new_device_sign_in'`);

  it('recognises a browser, changes its token each time, and tells of a new one', async () => {
    const before = desk.device;
    await signInFully(desk);
    expect(desk.device).not.toBe(before);
    expect(desk.attributes).toMatch(/^; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
    expect(await devices(desk)).toMatchObject([{ current: true, name: null, sessions: 2, trustedUntil: null }]);
    expect(await mails()).toHaveLength(0);
    await signInFully(new Browser(gatehouse.urls[1]!));
    expect(await devices(desk)).toHaveLength(2);
    expect(await mails()).toHaveLength(1);
  });

  it('skips the second factor where it is trusted, counts as AAL1 then, and only its newest token does', async () => {
    expect((await desk.client.call<DevicesView>('POST', `${DEVICES}/trust`, {})).status).toBe(200);
    const copy = new Browser(gatehouse.urls[1]!);
    copy.device = desk.device;
    expect(await desk.signIn(sam)).toBe('signed_in');
    const { items } = (
      await desk.client.call<{ items: { aal: number; amr: string[]; current: boolean }[] }>(
        'GET',
        '/api/v1/me/sessions',
      )
    ).body;
    expect(items.find(({ current }) => current)).toMatchObject({ aal: 1, amr: ['pwd', 'trusted_device'] });
    expect(await copy.signIn(sam)).toBe('factor_required');
    expect((await desk.client.call('POST', `${DEVICES}/trust`, {})).body).toMatchObject({ code: 'step_up_required' });
  });

  it('is trusted for its own person only, and not longer than the rules say', async () => {
    const lee = await addPerson(gatehouse, 'lee@example.com');
    const other = new Browser(gatehouse.urls[0]!);
    await other.signIn(lee);
    await turnOnTotp(other.client);
    other.device = desk.device;
    expect(await other.signIn(lee)).toBe('factor_required');
    const until = (value: string) =>
      gatehouse.database.query(
        `UPDATE devices SET trusted_until = now() + interval '${value}' WHERE trusted_until IS NOT NULL`,
      );
    await until('-1 second');
    expect(await desk.signIn(sam)).toBe('factor_required');
    await until('20 days');
    expect(await desk.signIn(sam)).toBe('signed_in');
    await gatehouse.database.query('UPDATE sign_in_policy SET trust_days = 7');
    expect(await desk.signIn(sam)).toBe('factor_required');
    await gatehouse.database.query('UPDATE sign_in_policy SET trust_days = 30');
  });

  it('is never trusted nor remembered on a shared terminal, whose session is short', async () => {
    const kept = desk.device;
    await signInFully(desk, sam, true);
    expect(desk.device).toBe(kept);
    expect((await desk.client.call('POST', `${DEVICES}/trust`, {})).body).toMatchObject({ code: 'trust_not_allowed' });
    expect((await devices(desk)).some(({ current }) => current)).toBe(false);
    const [limits] = await gatehouse.database.query<{ idle: number; hours: number }[]>(
      `SELECT extract(epoch FROM idle_limit)::int / 60 AS idle, round(extract(epoch FROM expires_at - started_at) / 3600)::int AS hours
       FROM sessions WHERE shared ORDER BY started_at DESC LIMIT 1`,
    );
    expect(limits).toEqual({ idle: 10, hours: 12 });
    const half = new Browser(gatehouse.urls[0]!);
    await half.signIn(sam, true);
    expect((await half.client.call<FactorRequired>('GET', '/api/v1/sign-in')).body.trustDays).toBe(0);
  });

  it('is renamed and removed by its owner alone: its sessions end, and the next sign-in passes every factor', async () => {
    expect(await desk.signIn(sam)).toBe('signed_in');
    const own = (await devices(desk)).find(({ current }) => current)!;
    const away = new Browser(gatehouse.urls[1]!);
    await signInFully(away);
    const stranger = await ApiClient.signedIn(gatehouse.urls[0]!);
    for (const [method, path, body] of [
      ['PATCH', `${DEVICES}/${own.id}`, { name: 'Mine' }],
      ['DELETE', `${DEVICES}/${own.id}`, {}],
      ['DELETE', `${DEVICES}/${own.id}/trust`, {}],
    ] as const)
      expect((await stranger.call(method, path, body)).status).toBe(404);
    const renamed = await away.client.call<DevicesView>('PATCH', `${DEVICES}/${own.id}`, { name: 'My desk' });
    expect(renamed.body.items.find(({ id }) => id === own.id)).toMatchObject({ name: 'My desk', current: false });
    const left = await away.client.call<DevicesView>('DELETE', `${DEVICES}/${own.id}`, {});
    expect(left.body.items.map(({ id }) => id)).not.toContain(own.id);
    expect((await desk.client.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    expect(await desk.signIn(sam)).toBe('factor_required');
  });

  it('is trusted no more after a device was lost', async () => {
    await signInFully(desk);
    expect((await desk.client.call('POST', `${DEVICES}/trust`, {})).status).toBe(200);
    expect(await desk.signIn(sam)).toBe('signed_in');
    const all = await desk.client.call<DevicesView>('DELETE', `${DEVICES}/trust`, {});
    expect(all.body.items.every(({ trustedUntil }) => trustedUntil === null)).toBe(true);
    expect(await desk.signIn(sam)).toBe('factor_required');
  });

  it('is asked for the second step where it calls itself another browser, or on another system', async () => {
    const chromeOn = (system: string) => `Mozilla/5.0 (${system}) AppleWebKit/537.36 Chrome/142.0.0.0 Safari/537.36`;
    const own = new Browser(gatehouse.urls[0]!);
    own.agent = chromeOn('Windows NT 10.0; Win64; x64');
    await signInFully(own);
    expect((await own.client.call('POST', `${DEVICES}/trust`, {})).status).toBe(200);
    const copy = new Browser(gatehouse.urls[1]!);
    copy.device = own.device;
    for (const agent of ['curl/8.5.0', chromeOn('X11; Linux x86_64'), `${own.agent} Edg/142.0.0.0`]) {
      copy.agent = agent;
      expect(await copy.signIn(sam)).toBe('factor_required');
    }
    own.agent = own.agent.replace('142', '143');
    expect(await own.signIn(sam)).toBe('signed_in');
    await own.client.call('DELETE', `${DEVICES}/trust`, {});
  });

  it('is trusted no more, and told of, when a copy of its token comes with the right password', async () => {
    await signInFully(desk);
    expect((await desk.client.call('POST', `${DEVICES}/trust`, {})).status).toBe(200);
    const copy = new Browser(gatehouse.urls[1]!);
    copy.device = desk.device;
    expect(await desk.signIn(sam)).toBe('signed_in');
    const told = () => gatehouse.database.query(`SELECT FROM notifications WHERE kind = 'trust_copied'`);
    const me = async () => (await desk.client.call('GET', '/api/v1/me')).body;
    // At once it may be an answer that was lost, and without the password it is anybody.
    expect(await copy.signIn(sam)).toBe('factor_required');
    await gatehouse.database.query(
      `UPDATE replaced_device_tokens SET replaced_at = replaced_at - interval '3 minutes'`,
    );
    expect(await copy.signIn({ ...sam, password: 'not the password at all' })).toBe(401);
    expect(await told()).toHaveLength(0);
    expect(await me()).toMatchObject({ person: { email: sam.email } });

    const answers = await Promise.all(
      [copy, Object.assign(new Browser(gatehouse.urls[0]!), { device: copy.device })].map((one) => one.signIn(sam)),
    );
    expect(answers).toEqual(['factor_required', 'factor_required']);
    expect(await me()).toMatchObject({ code: 'session_ended', detail: 'policy' });
    expect(await desk.signIn(sam)).toBe('factor_required');
    expect(await told()).toHaveLength(1);
    const staff = await ApiClient.signedIn(gatehouse.urls[0]!);
    const alerts = await staff.call<{ items: unknown[] }>('GET', '/api/v1/alerts?kind=trusted-device-copied');
    expect(alerts.body.items).toMatchObject([{ severity: 'high', person: { name: 'sam' } }]);
  });

  it('is marked as new for fourteen days, as its session is, which ends unused no later than it ends', async () => {
    await signInFully(desk);
    const { items } = (await desk.client.call<{ items: SessionView[] }>('GET', '/api/v1/me/sessions')).body;
    const { id } = items.find(({ current }) => current)!;
    // What is new about it is said once, with its sign-in: not while the test looks.
    await eventually(
      async () =>
        (await gatehouse.database.query<unknown[]>('SELECT FROM attempts WHERE session_id = $1', [id])).length > 0,
      'the sign-in is scored',
    );
    const shown = async (started: string) => {
      await gatehouse.database.query(
        `UPDATE sessions SET novelties = '{device}', started_at = now() - interval '14 days' + $2::interval, expires_at = now() + interval '1 minute' WHERE id = $1`,
        [id, started],
      );
      const sessions = (await desk.client.call<{ items: SessionView[] }>('GET', '/api/v1/me/sessions')).body.items;
      const [session, device] = [sessions, await devices(desk)].map((all) => all.find(({ current }) => current)!);
      return { session: session as SessionView, novelties: [session!.novelties, device!.novelties] };
    };
    const last = await shown('1 minute');
    expect(last.novelties).toEqual([['device'], ['device']]);
    expect(last.session.idleAt).toBe(last.session.expiresAt);
    expect((await shown('-1 minute')).novelties).toEqual([[], []]);
  });

  it('keeps the owner in while somebody else tries passwords', async () => {
    const limits = () =>
      gatehouse.database.query(
        `DELETE FROM limits WHERE key LIKE 'sign-in:source%' OR key LIKE 'sign-in:account+source%'`,
      );
    const owner = new Browser(gatehouse.urls[0]!);
    await signInFully(owner);
    await gatehouse.database.query(
      `UPDATE sessions SET ip = '192.0.2.1' WHERE person_id = (SELECT id FROM people WHERE email = $1)`,
      [sam.email],
    );
    const stranger = new Browser(gatehouse.urls[1]!);
    await gatehouse.database.query(
      `INSERT INTO limits (key, points, expire) SELECT key, 1000, (extract(epoch FROM now()) * 1000 + 600000)::bigint FROM limits WHERE key LIKE 'sign-in:account:%' ON CONFLICT (key) DO UPDATE SET points = 1000, expire = excluded.expire`,
    );
    await limits();
    expect(await stranger.signIn(sam)).not.toBe('factor_required');
    await limits();
    expect(await owner.signIn(sam)).toBe('factor_required');
  });

  it('keeps the owner in while somebody on the same network uses up its limits, with a passkey too', async () => {
    await gatehouse.database.query('DELETE FROM limits');
    const owner = new Browser(gatehouse.urls[0]!);
    await signInFully(owner);
    const wrong = { ...sam, password: 'not the password at all' };
    const told: unknown[] = [];
    for (let one = 0; one < 10; one += 1) told.push(await new Browser(gatehouse.urls[one % 2]!).signIn(wrong));
    expect(told.slice(-1)).toEqual([429]);
    expect(await new Browser(gatehouse.urls[1]!).signIn(sam)).toBe(429);
    expect(await owner.signIn(sam)).toBe('factor_required');

    await gatehouse.database.query(`UPDATE limits SET points = 61 WHERE key LIKE 'sign-in:source:%'`);
    expect(await owner.signIn(sam)).toBe('factor_required');
    const options = (headers = {}) =>
      new ApiClient(gatehouse.urls[1]!).call('POST', '/api/v1/sign-in/passkey-options', {}, headers);
    await options();
    await gatehouse.database.query(`UPDATE limits SET points = 121 WHERE key LIKE 'sign-in:challenge:%'`);
    expect((await options()).status).toBe(429);
    expect((await options({ cookie: owner.device })).status).toBe(200);
    await gatehouse.database.query('DELETE FROM limits');
  });

  it('is where a password still works that strangers got wrong too often in a row, as nobody’s does', async () => {
    await gatehouse.database.query('DELETE FROM limits');
    const owner = new Browser(gatehouse.urls[0]!);
    await signInFully(owner);
    const stranger = async (who: Who, index = 0) => {
      await gatehouse.database.query(`DELETE FROM limits WHERE key LIKE 'sign-in:%'`);
      const { status, body } = await new ApiClient(gatehouse.urls[index % 2]!).call('POST', '/api/v1/sign-in', who);
      return { status, body: { ...body, id: '' } };
    };
    const wrong = { ...sam, password: 'not the password at all' };
    const nobody = { ...wrong, email: 'nobody@example.com' };
    for (const who of [wrong, nobody]) await stranger(who);
    await gatehouse.database.query(`UPDATE limits SET points = 74 WHERE key LIKE 'password:strangers:%'`);
    expect(await stranger(wrong)).toMatchObject({ status: 401 });
    expect(await stranger(nobody)).toMatchObject({ status: 401 });
    const locked = await stranger(sam);
    expect(locked).toMatchObject({ status: 403, body: { code: 'password_locked' } });
    // Neither the other server, nor one that starts anew, nor time lets it in.
    await gatehouse.restartServer(1, {});
    expect(await stranger(sam, 1)).toEqual(locked);
    expect(await stranger(nobody)).toEqual(locked);
    // The owner is not kept out, and ends the row.
    expect(await owner.signIn(sam)).toBe('factor_required');
    expect(await new Browser(gatehouse.urls[1]!).signIn(sam)).toBe('factor_required');

    // A known device has a row of its own, and a new password begins anew.
    expect(await owner.signIn(wrong)).toBe(401);
    await gatehouse.database.query(`UPDATE limits SET points = 25 WHERE key LIKE 'password:known:%'`);
    expect(await owner.signIn(sam)).toBe(403);
    await gatehouse.database.query('UPDATE people SET password_changed_at = now() WHERE email = $1', [sam.email]);
    expect(await owner.signIn(sam)).toBe('factor_required');
  });
});
