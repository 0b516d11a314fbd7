import type { SessionView } from '../../../server/contracts/sessions.js';
import { addPerson, codeOf, forgetSteps, turnOnTotp, withPassword } from '../../support/factors.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';
import { cutAt, openLive } from '../../support/live.js';
import { browserOf } from '../../support/sessions.js';
import { SoftPasskey } from '../../support/soft-passkey.mjs';

type Options = { challenge: string };
/** The sweep's rhythm (server/live/live-sessions.ts) and what a busy machine may add, in milliseconds. */
const SWEPT_MS = 6_500;

describe('what a session is worth, and how long, on two servers', () => {
  let gatehouse: Gatehouse;
  let urls: [string, string];
  let sam: { email: string; password: string };
  let passkey: SoftPasskey;

  beforeAll(async () => {
    gatehouse = await startGatehouse({ servers: 2, workers: 0 });
    urls = gatehouse.urls as [string, string];
    sam = await addPerson(gatehouse, 'sam@example.com');
    passkey = new SoftPasskey(urls[0]);
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const own = async (client: ApiClient): Promise<SessionView> =>
    (await client.call<{ items: SessionView[] }>('GET', '/api/v1/me/sessions')).body.items.find(
      ({ current }) => current,
    )!;
  const optionsOf = async (client: ApiClient, path: string): Promise<Options> =>
    (await client.call<Options>('POST', path, {})).body;
  const status = async (cookie: string): Promise<number> => {
    const former = Object.assign(new ApiClient(urls[1]), { cookie });
    return (await former.call('GET', '/api/v1/me')).status;
  };
  /** Signs in with the passkey alone. */
  const byPasskey = async (client: ApiClient, verified: boolean) => {
    const response = passkey.answer(await optionsOf(client, '/api/v1/sign-in/passkey-options'), verified);
    return client.call('POST', '/api/v1/sign-in/passkey', { response });
  };

  it('is AAL1 by password, and AAL2 and phishing-resistant by a passkey that checked its person', async () => {
    const client = await ApiClient.signedIn(urls[0], sam);
    expect(await own(client)).toMatchObject({ aal: 1, amr: ['pwd'], phishingResistant: false });
    const registration = passkey.register(await optionsOf(client, '/api/v1/me/factors/passkeys/options'), false);
    const added = await client.call('POST', '/api/v1/me/factors/passkeys', { name: 'Key', response: registration });
    expect(added.status).toBe(200);

    const alone = new ApiClient(urls[0]);
    expect((await byPasskey(alone, true)).status).toBe(200);
    expect(await own(alone)).toMatchObject({ aal: 2, amr: ['pop', 'user', 'mfa'], phishingResistant: true });
  });

  it('is nothing by a passkey alone that did not check its person, which unlocks nothing either', async () => {
    const alone = new ApiClient(urls[0]);
    expect(await byPasskey(alone, false)).toMatchObject({ status: 401, body: { code: 'passkey_failed' } });
    const half = await withPassword(urls[0], sam);
    const response = passkey.answer(await optionsOf(half, '/api/v1/sign-in/factor/passkey-options'), false);
    expect((await half.call('POST', '/api/v1/sign-in/factor', { factor: 'passkey', response })).status).toBe(200);
    // One factor after another one is two.
    expect(await own(half)).toMatchObject({ aal: 2, amr: ['pwd', 'pop', 'user', 'mfa'] });
    await half.call('POST', '/api/v1/me/lock', {});
    const unlock = async (verified: boolean) => {
      const answer = passkey.answer(await optionsOf(half, '/api/v1/me/unlock/passkey-options'), verified);
      return half.call('POST', '/api/v1/me/unlock', { factor: 'passkey', response: answer });
    };
    expect((await unlock(false)).body).toMatchObject({ code: 'passkey_failed' });
    expect((await unlock(true)).body).toEqual({ status: 'unlocked' });
    // An answer counts once, for the one that was asked, and not with a smaller count.
    const replayed = passkey.answer(await optionsOf(alone, '/api/v1/sign-in/passkey-options'));
    const send = () => alone.call('POST', '/api/v1/sign-in/passkey', { response: replayed });
    expect([(await send()).status, (await send()).status]).toEqual([200, 401]);
    passkey.uses = 0;
    expect((await byPasskey(new ApiClient(urls[0]), true)).body).toMatchObject({ code: 'passkey_failed' });
    passkey.uses = 100;
  });

  it('has another token after each step, and every former one stands for nothing', async () => {
    const lee = await addPerson(gatehouse, 'lee@example.com');
    const client = new ApiClient(urls[0]);
    // Planted before the sign-in, as by somebody who wants to know the session.
    const planted = `__Host-sid=${'A'.repeat(43)}`;
    client.cookie = planted;
    const seen = [planted];
    const next = async (step: Promise<{ status: number }>): Promise<void> => {
      expect((await step).status).toBe(200);
      expect(seen).not.toContain(client.cookie);
      for (const former of seen) expect([former, await status(former)]).toEqual([former, 401]);
      seen.push(client.cookie);
    };
    await next(client.call('POST', '/api/v1/sign-in', lee));
    let secret = '';
    await next(turnOnTotp(client).then((on) => ((secret = on.secret), { status: 200 })));
    await forgetSteps(gatehouse);
    await next(client.call('POST', '/api/v1/me/step-up', { factor: 'totp', code: codeOf(secret) }));
    const changed = { current: lee.password, next: 'eight quick trams at dusk' };
    await next(client.call('POST', '/api/v1/me/password', changed));
    await client.call('POST', '/api/v1/me/lock', {});
    await next(client.call('POST', '/api/v1/me/unlock', { factor: 'password', password: changed.next }));
    const again = { email: lee.email, password: changed.next };
    // A browser that signs in anew holds both: its session, which goes on until another one takes its place, and the half sign-in.
    const held = client.cookie;
    expect((await client.call('POST', '/api/v1/sign-in', again)).status).toBe(200);
    // The half sign-in stands for nothing as a session, on no socket either, and for nothing once it is over.
    const half = client.cookie;
    const asSession = Object.assign(new ApiClient(urls[1]), { cookie: half.replace('__Host-sign-in', '__Host-sid') });
    for (const one of [client, asSession]) await expect(openLive(one)).rejects.toThrow('not_signed_in');
    await forgetSteps(gatehouse);
    const both = { cookie: `${held}; ${half}` };
    await next(client.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) }, both));
    const replay = Object.assign(new ApiClient(urls[1]), { cookie: half });
    expect((await replay.call('GET', '/api/v1/sign-in')).status).toBe(401);
    const staff = await ApiClient.signedIn(urls[0]);
    const { id } = (await client.me()).person;
    expect((await staff.call('PATCH', `/api/v1/people/${id}`, { role: 'manager' })).status).toBe(200);
    for (const former of seen) expect(await status(former)).toBe(401);
  });

  it.each([
    ['user', 'unused', 'idle'],
    ['admin', 'unused', 'idle'],
    ['user', 'old', 'expired'],
    ['admin', 'old', 'expired'],
  ] as const)(
    'of a %s ends when it is too long %s, on HTTP and sockets of both servers',
    async (role, what, reason) => {
      const email = role === 'admin' ? 'ana@example.com' : sam.email;
      const [person] = await gatehouse.database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [
        email,
      ]);
      const client = await browserOf(gatehouse, { id: person!.id, role });
      const elsewhere = Object.assign(new ApiClient(urls[1]), { cookie: client.cookie });
      /** Moves the session back in time, to so many seconds before its limit. */
      const left = (seconds: number) =>
        gatehouse.database.query(
          what === 'unused'
            ? `UPDATE sessions SET lock_after = NULL, last_seen_at = now() - idle_limit + make_interval(secs => $2) WHERE id = $1`
            : `UPDATE sessions SET last_seen_at = now(), expires_at = now() + make_interval(secs => $2) WHERE id = $1`,
          [client.sessionId, seconds],
        );
      await left(5);
      const unattended = { 'x-unattended': '1' };
      expect((await client.call('GET', '/api/v1/me', undefined, unattended)).status).toBe(200);
      const cuts = [cutAt(await openLive(client)), cutAt(await openLive(elsewhere))];
      const since = Date.now();
      await left(0);
      for (const one of [client, elsewhere]) {
        expect((await one.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended', detail: reason });
        await expect(openLive(one)).rejects.toThrow('not_signed_in');
      }
      for (const at of await Promise.all(cuts)) expect(at - since).toBeLessThan(SWEPT_MS);
    },
  );
});
