import type { EntityManager } from 'typeorm';
import type { AuditEntry } from '../../../server/contracts/operations.js';
import type { Page } from '../../../server/contracts/paging.js';
import type { Role } from '../../../server/contracts/people.js';
import type { SignInPolicyView } from '../../../server/contracts/policies.js';
import type { SessionView } from '../../../server/contracts/sessions.js';
import { rotateSession } from '../../../server/sessions/rotate-session.js';
import { shortenSessions } from '../../../server/sessions/shorten-sessions.js';
import { addPerson, codeOf, forgetSteps, turnOnTotp, withPassword } from '../../support/factors.js';
import { ApiClient, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';
import { cutAt, openLive } from '../../support/live.js';
import { browserOf } from '../../support/sessions.js';
import { SoftPasskey } from '../../support/soft-passkey.mjs';

type Options = { challenge: string };
type Part = (tx: EntityManager) => Promise<unknown>;
const RULES = '/api/v1/policies/sign-in';
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

  /** A session of an assurance level, and what moves it back in time as a whole, or as if it was not used. */
  const sessionOf = async (email: string, role: Role, aal: 1 | 2) => {
    const { database } = gatehouse;
    const [person] = await database.query<{ id: string }[]>('SELECT id FROM people WHERE email = $1', [email]);
    const client = await browserOf(gatehouse, { id: person!.id, role, aal });
    await database.query('UPDATE sessions SET lock_after = NULL WHERE id = $1', [client.sessionId]);
    return {
      client,
      unusedFor: (seconds: number) =>
        database.query(`UPDATE sessions SET last_seen_at = now() - make_interval(secs => $2) WHERE id = $1`, [
          client.sessionId,
          seconds,
        ]),
      older: (seconds: number) =>
        database.query(
          `UPDATE sessions SET last_seen_at = now(), started_at = started_at - make_interval(secs => $2),
             aal_since = aal_since - make_interval(secs => $2), expires_at = expires_at - make_interval(secs => $2) WHERE id = $1`,
          [client.sessionId, seconds],
        ),
    };
  };
  const lengthOf = async (sessionId: string) => {
    const [row] = await gatehouse.database.query<{ idle: number; left: number }[]>(
      `SELECT extract(epoch FROM idle_limit)::int / 60 AS idle, round(extract(epoch FROM expires_at - now()) / 60)::int AS left FROM sessions WHERE id = $1`,
      [sessionId],
    );
    return row;
  };
  const level = (idleMinutes: number, absoluteMinutes: number) => ({ idleMinutes, absoluteMinutes });
  const setLevels = async (first: ReturnType<typeof level>, second: ReturnType<typeof level>) => {
    const staff = await ApiClient.signedIn(urls[0]);
    const { roles, ...rest } = (await staff.call<SignInPolicyView>('GET', RULES)).body;
    const levels = [
      { level: 1, ...first },
      { level: 2, ...second },
    ];
    const asked = roles.map(({ people: _people, withFactor: _with, ...rule }) => rule);
    return staff.call<SignInPolicyView>('PUT', RULES, { ...rest, roles: asked, levels });
  };

  it('lasts no longer than its level, from when it reached it, and no longer for having reached it', async () => {
    const uma = await addPerson(gatehouse, 'uma@example.com');
    expect((await setLevels(level(43_200, 43_200), level(2_000, 1_440))).body).toMatchObject({
      code: 'invalid_request',
      errors: [{ path: 'levels.1.idleMinutes', message: 'not longer than the session may live at all' }],
    });
    expect((await setLevels(level(43_200, 43_200), level(60, 1_440))).status).toBe(200);
    const { client, older } = await sessionOf(uma.email, 'user', 1);
    expect(await lengthOf(client.sessionId)).toEqual({ idle: 10_080, left: 43_200 });
    await older(3 * 86_400);
    const ending = await sessionOf(uma.email, 'user', 1);
    await ending.older(30 * 86_400 - 1_800);

    // Three days old already: the day of two factors counts from now, or they would end it.
    const { secret } = await turnOnTotp(client);
    expect(await lengthOf(client.sessionId)).toEqual({ idle: 60, left: 1_440 });
    const { idleAt, expiresAt } = await own(client);
    expect(Math.round((Date.parse(idleAt) - Date.now()) / 60_000)).toBe(60);
    expect(Math.round((Date.parse(expiresAt) - Date.now()) / 60_000)).toBe(1_440);
    await older(600);
    const confirm = async (by: ApiClient) => {
      await forgetSteps(gatehouse, uma.email);
      expect((await by.call('POST', '/api/v1/me/step-up', { factor: 'totp', code: codeOf(secret) })).status).toBe(200);
    };
    await confirm(client);
    expect(await lengthOf(client.sessionId)).toEqual({ idle: 60, left: 1_430 });
    await confirm(ending.client);
    expect(await lengthOf(ending.client.sessionId)).toEqual({ idle: 60, left: 30 });
    await forgetSteps(gatehouse, uma.email);
    const anew = await withPassword(urls[0], uma);
    await anew.call('POST', '/api/v1/sign-in/factor', { factor: 'totp', code: codeOf(secret) });
    expect(await lengthOf((await anew.me()).sessionId)).toEqual({ idle: 60, left: 1_440 });

    // Shorter rules hold at once, each for its own level; longer ones for new sessions only.
    const byPassword = await sessionOf(sam.email, 'user', 1);
    expect((await setLevels(level(43_200, 43_200), level(30, 120))).status).toBe(200);
    expect(await lengthOf(client.sessionId)).toEqual({ idle: 30, left: 110 });
    expect(await lengthOf(byPassword.client.sessionId)).toEqual({ idle: 10_080, left: 43_200 });
    await setLevels(level(240, 720), level(60, 1_440));
    expect(await lengthOf(client.sessionId)).toEqual({ idle: 30, left: 110 });
    expect(await lengthOf(byPassword.client.sessionId)).toEqual({ idle: 240, left: 720 });
    const staff = await ApiClient.signedIn(urls[0]);
    const audit = await staff.call<Page<AuditEntry>>('GET', '/api/v1/audit?action=sign_in_policy.changed');
    expect(audit.body.items[0]?.detail).toMatchObject({
      before: { 'sessions at AAL1': '43200 min unused, 43200 min in all' },
      after: {
        'sessions at AAL1': '240 min unused, 720 min in all',
        'sessions at AAL2': '60 min unused, 1440 min in all',
      },
    });
  });

  it('keeps rules that are being changed while it is opened, or rises to the level that they shorten', async () => {
    const { database } = gatehouse;
    /** Until so many transactions wait for a lock. */
    const waiting = async (count: number): Promise<void> => {
      for (;;) {
        const rows = await database.query<unknown[]>(
          `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
        );
        if (rows.length >= count) return;
      }
    };
    const shorten = async (tx: EntityManager, idle: number) => {
      await tx.query('UPDATE level_rules SET idle_minutes = $1 WHERE level = 2', [idle]);
      await shortenSessions(tx);
    };
    const raise = (tx: EntityManager, sessionId: string) =>
      rotateSession(tx, sessionId, { aal: 2, amr: ['mfa'], proofs: ['password'], strength: 2, confinedTo: null });
    /** The second begins when the first has done its part, and waits for it. */
    const inTurn = async (first: Part, second: Part) => {
      let later: Promise<unknown> = Promise.resolve();
      await database.transaction(async (tx) => {
        await first(tx);
        later = database.transaction(second);
        await Promise.race([later, waiting(1)]);
      });
      await later;
    };
    for (const [idle, first] of [
      [50, 'rises'],
      [40, 'rules'],
    ] as const) {
      const { client } = await sessionOf(sam.email, 'user', 1);
      const rises: Part = (tx) => raise(tx, client.sessionId);
      const rules: Part = (tx) => shorten(tx, idle);
      await (first === 'rises' ? inTurn(rises, rules) : inTurn(rules, rises));
      expect(await lengthOf(client.sessionId)).toMatchObject({ idle });
    }

    // A change that was written and is about to be done: the chain of the audit log comes last in it.
    const kim = await addPerson(gatehouse, 'kim@example.com');
    const changing: { change?: ReturnType<typeof setLevels>; opened?: Promise<ApiClient> } = {};
    await database.transaction(async (tx) => {
      await tx.query('SELECT pg_advisory_xact_lock(7203312)');
      changing.change = setLevels(level(120, 720), level(60, 1_440));
      await waiting(1);
      changing.opened = ApiClient.signedIn(urls[1], kim);
      await Promise.race([changing.opened, waiting(2)]);
    });
    expect((await changing.change)?.status).toBe(200);
    const { sessionId } = await (await changing.opened!).me();
    expect(await lengthOf(sessionId)).toEqual({ idle: 120, left: 720 });
  });

  it.each([
    ['user', 1, 'unused', 'idle', 300],
    ['admin', 2, 'unused', 'idle', 60],
    ['user', 2, 'old', 'expired', 1_440],
    ['admin', 1, 'old', 'expired', 720],
  ] as const)(
    'of a %s at level %d ends when it is too long %s, on HTTP and sockets of both servers',
    async (role, aal, what, reason, minutes) => {
      await gatehouse.database.query(
        `UPDATE level_rules SET idle_minutes = CASE level WHEN 1 THEN 300 ELSE 60 END, absolute_minutes = CASE level WHEN 1 THEN 720 ELSE 1440 END`,
      );
      const email = role === 'admin' ? 'ana@example.com' : sam.email;
      const { client, unusedFor, older } = await sessionOf(email, role, aal);
      const elsewhere = Object.assign(new ApiClient(urls[1]), { cookie: client.cookie });
      const move = what === 'unused' ? unusedFor : older;
      await move(minutes * 60 - 5);
      const unattended = { 'x-unattended': '1' };
      expect((await client.call('GET', '/api/v1/me', undefined, unattended)).status).toBe(200);
      const cuts = [cutAt(await openLive(client)), cutAt(await openLive(elsewhere))];
      const since = Date.now();
      await (what === 'unused' ? unusedFor(minutes * 60) : older(5));
      for (const one of [client, elsewhere]) {
        expect((await one.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended', detail: reason });
        await expect(openLive(one)).rejects.toThrow('not_signed_in');
      }
      for (const at of await Promise.all(cuts)) expect(at - since).toBeLessThan(SWEPT_MS);
    },
  );
});
