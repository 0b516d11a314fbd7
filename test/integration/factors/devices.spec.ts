import type { DevicesView } from '../../../server/contracts/devices.js';
import type { FactorRequired } from '../../../server/contracts/factors.js';
import { addPerson, codeOf, forgetSteps, turnOnTotp } from '../../support/factors.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';

const DEVICES = '/api/v1/me/devices';
type Who = { email: string; password: string };

/** A browser that keeps the cookie of its device between sign-ins. */
class Browser {
  device = '';
  client: ApiClient;

  constructor(readonly url: string) {
    this.client = new ApiClient(url);
  }

  async signIn(who: Who, shared = false): Promise<string> {
    this.client = new ApiClient(this.url);
    return this.step('/api/v1/sign-in', { ...who, shared });
  }

  factor(code: string): Promise<string> {
    return this.step('/api/v1/sign-in/factor', { factor: 'totp', code });
  }

  private async step(path: string, body: unknown): Promise<string> {
    const cookie = [this.client.cookie, this.device].filter((one) => one !== '').join('; ');
    const answer = await this.client.call<{ status: string }>('POST', path, body, cookie === '' ? {} : { cookie });
    const set = answer.headers.getSetCookie().find((one) => one.startsWith('__Host-device='));
    if (set !== undefined) {
      expect(set).toMatch(/; Path=\/; Secure; HttpOnly; SameSite=Strict; Max-Age=\d+$/);
      this.device = set.split(';')[0]!;
    }
    return answer.body.status;
  }
}

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
});
