import { Revoke } from '../../../server/sessions/revoke.js';
import { AppendAudit, systemActor } from '../../../server/audit/append-audit.js';
import { lockSession, unlockSession } from '../../../server/sessions/lock-session.js';
import { renewToken } from '../../../server/sessions/rotate-session.js';
import { addPerson } from '../../support/factors.js';
import { ApiClient, eventually, type Gatehouse, startGatehouse } from '../../support/gatehouse.js';
import { cutAt, openLive } from '../../support/live.js';
import { browserOf } from '../../support/sessions.js';
import { rounds } from '../../support/size.js';

/** The sweep's rhythm (server/live/live-sessions.ts) and what a busy machine may add, in milliseconds. */
const SWEPT_MS = 6_500;
/** Answers with the session locked: who is signed in, locking it again, and the ways to unlock it. */
const OPEN = ['GET /api/v1/me', 'POST /api/v1/me/lock', 'POST /api/v1/me/unlock'];
const PASSKEY = 'POST /api/v1/me/unlock/passkey-options';

type Paths = { paths: Record<string, Record<string, { security: { session?: [] }[] }>> };

describe('a locked session, on two servers', () => {
  let gatehouse: Gatehouse;
  let urls: [string, string];
  let ana: string;
  let sam: { email: string; password: string };

  beforeAll(async () => {
    gatehouse = await startGatehouse({ servers: 2, workers: 0 });
    urls = gatehouse.urls as [string, string];
    ana = (await (await ApiClient.signedIn(urls[0])).me()).person.id;
    sam = await addPerson(gatehouse, 'sam@example.com');
  }, 120_000);
  afterAll(() => gatehouse.stop(), 60_000);

  const browser = (): ReturnType<typeof browserOf> => browserOf(gatehouse, { id: ana, role: 'admin' });
  /** The same session at the other server. */
  const elsewhere = (client: ApiClient): ApiClient => Object.assign(new ApiClient(urls[1]), { cookie: client.cookie });
  const unlock = (client: ApiClient, password: string) =>
    client.call('POST', '/api/v1/me/unlock', { factor: 'password', password });
  const unused = (sessionId: string, minutes: number): Promise<unknown> =>
    gatehouse.database.query('UPDATE sessions SET last_seen_at = now() - make_interval(secs => $2) WHERE id = $1', [
      sessionId,
      minutes * 60 + 1,
    ]);
  const isFresh = async (sessionId: string): Promise<boolean> => {
    const [row] = await gatehouse.database.query<{ fresh: boolean }[]>(
      `SELECT last_seen_at > now() - interval '10 seconds' AS fresh FROM sessions WHERE id = $1`,
      [sessionId],
    );
    return row!.fresh;
  };
  const codeOf = async (client: ApiClient, headers = {}): Promise<unknown> =>
    (await client.call('GET', '/api/v1/me/sessions', undefined, headers)).body['code'];

  it('is cut off live events and refused on every route, at once, until it is unlocked', async () => {
    const client = await browser();
    const other = elsewhere(client);
    const sockets = [await openLive(client), await openLive(other)];
    const told = sockets.map((socket) => new Promise<void>((resolve) => socket.once('you.locked', resolve)));
    const cut = sockets.map(cutAt);
    const since = Date.now();
    expect((await client.call('POST', '/api/v1/me/lock', {})).body).toEqual({ status: 'locked' });
    await Promise.all(told);
    for (const at of await Promise.all(cut)) expect(at - since).toBeLessThan(1_000);
    for (const one of [client, other]) await expect(openLive(one)).rejects.toThrow('session_locked');

    const { body } = await client.call<Paths>('GET', '/api/openapi.json');
    const routes = Object.entries(body.paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([, { security }]) => security.some(({ session }) => session !== undefined))
        .map(([method]) => ({ method: method.toUpperCase(), path: path.replace(/\{\w+\}/g, ana) })),
    );
    const open: string[] = [];
    for (const { method, path } of routes) {
      const answer = await other.call(method, path, method === 'GET' ? undefined : {});
      if (answer.body['code'] !== 'session_locked') open.push(`${method} ${path}`);
    }
    expect(open.sort()).toEqual([...OPEN, PASSKEY]);
    expect((await other.me()).lock).toEqual({ locked: true, afterMinutes: 15, factors: ['password'] });
  });

  it('is left by signing out', async () => {
    const client = await browser();
    await lockSession(gatehouse.database, client.sessionId);
    const cookie = client.cookie;
    expect((await client.call('POST', '/api/v1/sign-out', {})).status).toBe(200);
    client.cookie = cookie;
    expect((await client.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'session_ended' });
    expect((await unlock(client, sam.password)).body).toMatchObject({ code: 'session_ended' });
  });

  it('locks by itself when its person does nothing, whatever a page asks by itself', async () => {
    const client = await browser();
    const cut = cutAt(await openLive(elsewhere(client)));
    await unused(client.sessionId, 14);
    expect(await codeOf(client, { 'x-unattended': '1' })).toBeUndefined();
    expect(await isFresh(client.sessionId)).toBe(false);
    await unused(client.sessionId, 15);
    const since = Date.now();
    for (const one of [client, elsewhere(client)]) {
      expect(await codeOf(one, { 'x-unattended': '1' })).toBe('session_locked');
      expect(await codeOf(one)).toBe('session_locked');
    }
    expect((await client.me()).lock.locked).toBe(true);
    expect((await cut) - since).toBeLessThan(SWEPT_MS);

    const used = await browser();
    await unused(used.sessionId, 14);
    expect(await codeOf(used)).toBeUndefined();
    expect(await isFresh(used.sessionId)).toBe(true);
  });

  it('is over at its limit, locked or not', async () => {
    const client = await browser();
    await lockSession(gatehouse.database, client.sessionId);
    await unused(client.sessionId, 480);
    expect((await unlock(client, sam.password)).body).toMatchObject({ code: 'session_ended', detail: 'idle' });
  });

  it('goes on with a new token after the right password, as proved as it was', async () => {
    const client = await browser();
    const { sessionId } = client;
    await gatehouse.database.query(`UPDATE sessions SET proved_at = now() - interval '1 hour' WHERE id = $1`, [
      sessionId,
    ]);
    await lockSession(gatehouse.database, sessionId);
    const former = elsewhere(client);
    expect((await unlock(client, sam.password)).body).toEqual({ status: 'unlocked' });
    expect(client.cookie).not.toBe(former.cookie);
    expect((await client.me()).sessionId).toBe(sessionId);
    expect((await client.me()).lock.locked).toBe(false);
    expect((await former.call('GET', '/api/v1/me')).body).toMatchObject({ code: 'not_signed_in' });
    expect((await client.call('POST', '/api/v1/me/factors/totp', {})).body).toMatchObject({ code: 'step_up_required' });
    (await openLive(client)).disconnect();
  });

  it('takes eight wrong passwords, on both servers together, and keeps them in the activity', async () => {
    const client = await ApiClient.signedIn(urls[0], sam);
    await client.call('POST', '/api/v1/me/lock', {});
    const tries = Array.from({ length: 12 }, (_, index) => unlock(index % 2 ? client : elsewhere(client), 'wrong'));
    const codes = (await Promise.all(tries)).map(({ body }) => body['code']);
    expect(codes.filter((code) => code === 'wrong_credentials')).toHaveLength(8);
    expect(codes.filter((code) => code === 'too_many_tries')).toHaveLength(4);
    expect((await unlock(client, sam.password)).body).toMatchObject({ code: 'too_many_tries' });
    await eventually(async () => {
      const rows = await gatehouse.database.query<{ payload: string }[]>('SELECT payload::text FROM attempt_inbox');
      return rows.filter(({ payload }) => payload.includes('wrong_password')).length >= 8;
    }, 'the wrong passwords are recorded');
  });

  it('locks computers of several people sooner, and open sessions by a shorter rule', async () => {
    const client = new ApiClient(urls[0]);
    await client.call('POST', '/api/v1/sign-in', { email: 'ana@example.com', password: sam.password, shared: true });
    expect((await client.me()).lock.afterMinutes).toBe(3);
  });

  it('is never let in again after the answer of a revocation, whatever was under way', async () => {
    const { database } = gatehouse;
    const revocations = new Revoke(database, new AppendAudit(Buffer.alloc(32)));
    const race = async (round: number): Promise<void> => {
      const client = await browser();
      const { sessionId } = client;
      await lockSession(database, sessionId);
      const under = round % 2 ? unlockSession : renewToken;
      const pause = new Promise((resolve) => setTimeout(resolve, round % 4));
      const [token] = await Promise.all([
        database.transaction((tx) => under(tx, sessionId)),
        client.call('GET', '/api/v1/me'),
        pause.then(() => revocations.revoke({ select: { sessionId }, by: systemActor, endReason: 'policy' })),
      ]);
      const tokens = [client.cookie, ...(token ? [`__Host-sid=${token}`] : [])];
      for (const [index, cookie] of tokens.entries()) {
        const again = Object.assign(new ApiClient(urls[index % 2 ? 1 : 0]), { cookie });
        expect([round, (await again.call('GET', '/api/v1/me')).status]).toEqual([round, 401]);
      }
    };
    for (let round = 0; round < rounds(200, 40); round += 5)
      await Promise.all([0, 1, 2, 3, 4].map((more) => race(round + more)));
  }, 60_000);
});
